using System.Text;
using Microsoft.Extensions.Hosting;
using Symbolon.AspNetCore;
using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.Support;
using Symbolon.Revocation;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary>GET /revocations/stream: order, resumption, heartbeats, ends.</summary>
public sealed class RevocationStreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FiringTime clock = new();
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await FeedServer.StartAsync(clock, [("Symbolon:Feed:Streams", "12")]);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Stream_SaysHello_AndSendsWhatComes()
    {
        await server.RevokeAsync(2);
        await using var reader = await FeedReader.OpenAsync(server, await FeedReader.TokenAsync(server));
        var hello = await reader.NextAsync();
        await server.RevokeAsync(2);

        var entries = new[] { await reader.NextAsync("entry"), await reader.NextAsync("entry") };

        Assert.Equal(("hello", null, 2, await server.TimelineAsync()), (hello.Kind, hello.Id, hello.Seq, hello.Data.GetProperty("timeline").GetString()));
        Assert.Equal([(3L, 3L), (4, 4)], entries.Select(entry => (entry.Id!.Value, entry.Seq)));
        var read = RevocationJson.ReadEntry(Encoding.UTF8.GetBytes(entries[0].Data.GetRawText()));
        Assert.Equal((await server.Get<IRevocationLog>().ReadAsync(2, 1, default))!.Entries[0], read);
        var headers = reader.Response;
        Assert.Equal(("text/event-stream", "no-store", "no"), (headers.Content.Headers.ContentType!.ToString(), headers.Headers.CacheControl!.ToString(), headers.Headers.GetValues("X-Accel-Buffering").Single()));
    }

    [Fact]
    public async Task Stream_GoesOn_FromLastEventId()
    {
        await server.RevokeAsync(5);
        var token = await FeedReader.TokenAsync(server);
        await using var reader = await FeedReader.OpenAsync(server, token, after: 2, $"?timeline={await server.TimelineAsync()}");

        Assert.Equal(2, (await reader.NextAsync()).Seq);
        Assert.Equal([3L, 4, 5], new[] { await reader.NextAsync(), await reader.NextAsync(), await reader.NextAsync() }.Select(entry => entry.Id!.Value));
    }

    [Fact]
    public async Task Stream_GoesOnFromTheLog_WhenTheReaderIsFurtherBehindThanIsKeptInMemory()
    {
        const int count = RevocationBroadcast.Capacity * 2 + 700;
        await server.RevokeAsync(count);
        await using var reader = await FeedReader.OpenAsync(server, await FeedReader.TokenAsync(server), after: 0);
        await reader.NextAsync("hello");

        for (var seq = 1; seq <= count; seq++) Assert.Equal(seq, (await reader.NextAsync("entry")).Id);
    }

    [Fact]
    public async Task Stream_HasAHeartbeatEachSecond_WithTheNewestNumber()
    {
        await server.RevokeAsync(2);
        await using var reader = await FeedReader.OpenAsync(server, await FeedReader.TokenAsync(server));

        var beat = await clock.AdvanceUntilAsync(reader.NextAsync("heartbeat"), Second);

        Assert.Equal((null, 2, await server.TimelineAsync()), (beat.Id, beat.Seq, beat.Data.GetProperty("timeline").GetString()));
        Assert.InRange(beat.Data.GetProperty("now").GetDateTimeOffset(), ManualTime.T0, clock.GetUtcNow());
    }

    [Fact] // a process that stood still would tell at its awakening how things stood before
    public async Task Stream_SaysNothingIsKnown_WhenTheHeartbeatTellsOfAnOldRead()
    {
        await using var reader = await FeedReader.OpenAsync(server, await FeedReader.TokenAsync(server));
        await reader.NextAsync("hello");
        var (beat, now) = (RevocationFrames.Heartbeat(await server.TimelineAsync(), 0, ManualTime.T0), Moment.Of(clock));

        server.Get<RevocationBroadcast>().Beat(beat, now with { Monotonic = now.Monotonic - TimeSpan.FromSeconds(3).Ticks });
        Assert.StartsWith(": the log cannot be read", await reader.NextCommentAsync(), StringComparison.Ordinal);

        server.Get<RevocationBroadcast>().Beat(beat, now);
        Assert.Equal("heartbeat", (await reader.NextAsync()).Kind);
    }

    [Fact]
    public async Task Stream_Is410_WhenItCannotGoOnFromThere()
    {
        await server.RevokeAsync(2);
        var token = await FeedReader.TokenAsync(server);

        (await FeedReader.RefusedAsync(server, token, "3")).IsProblem(410, "revocations_compacted");
        (await FeedReader.RefusedAsync(server, token, "1", "?timeline=another")).IsProblem(410, "revocations_compacted");
        (await FeedReader.RefusedAsync(server, token, null, "?timeline=another")).IsProblem(410, "revocations_compacted");
        (await FeedReader.RefusedAsync(server, token, "x")).IsProblem(400, "request_malformed");
        clock.Advance(RevocationEntry.Life);
        await server.Get<IRevocationLog>().CompactAsync(10, default);
        (await FeedReader.RefusedAsync(server, await FeedReader.TokenAsync(server), "1")).IsProblem(410, "revocations_compacted");
    }

    [Fact]
    public async Task Stream_Is503_WhenAQuarterOfAllIsItsClients_AndOneThatEndsMakesRoom()
    {
        var token = await FeedReader.TokenAsync(server);
        await using var one = await FeedReader.OpenAsync(server, token);
        await using var two = await FeedReader.OpenAsync(server, token);
        await using (await FeedReader.OpenAsync(server, token))
        {
            var refused = (await FeedReader.RefusedAsync(server, token)).IsProblem(503, "unavailable");
            Assert.Equal("5", refused.Header("Retry-After"));
            await using var another = await FeedReader.OpenAsync(server, await FeedReader.TokenAsync(server, "edge"));
            await another.NextAsync("hello");
        }

        await Patiently.TrueAsync(() => server.Get<RevocationStream>().Open == 2, "both readers are there");
        await using var four = await FeedReader.OpenAsync(server, token);
    }

    [Fact]
    public async Task Stream_Ends_WhenItsTokenExpires()
    {
        await using var reader = await FeedReader.OpenAsync(server, await FeedReader.TokenAsync(server));
        await reader.NextAsync("hello");
        clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(1, server.Get<RevocationStream>().Open);

        clock.Advance(TimeSpan.FromMinutes(1));

        await reader.EndAsync();
        await Patiently.TrueAsync(() => server.Get<RevocationStream>().Open == 0, "both readers have gone");
    }

    [Fact]
    public async Task Stream_Ends_WhenTheServerStops()
    {
        await using var reader = await FeedReader.OpenAsync(server, await FeedReader.TokenAsync(server));
        await reader.NextAsync("hello");
        var began = TimeProvider.System.GetTimestamp();

        server.Get<IHostApplicationLifetime>().StopApplication();

        await reader.EndAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory] // regression: its connection was cut first, and verifiers learnt of everyone's end only when they had come back
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_SendsTheEntryThatEndsIt_AndEndsByItself(bool era)
    {
        for (var i = 0; i < 10; i++)
        {
            var (own, admin) = (await FeedReader.TokenAsync(server), await server.AdminAsync());
            await using var reader = await FeedReader.OpenAsync(server, own);
            await reader.NextAsync("hello");

            if (era) (await server.PostAsync("/admin/end-all", null, admin)).Is(204);
            else (await server.DeleteAsync($"/admin/keys/{ReceiptTests.Kid(own)}", admin)).Is(204);

            Assert.Equal(era ? "era" : "key", Assert.Single(await reader.EndAsync(), got => got.Kind == "entry").Data.GetProperty("kind").GetString());
        }
    }

    [Fact]
    public async Task Streams_AllGetEachEntryOnce_InOrder()
    {
        var token = await FeedReader.TokenAsync(server);
        await using var one = await FeedReader.OpenAsync(server, token);
        await using var two = await FeedReader.OpenAsync(server, token, after: 0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => server.RevokeAsync(250))));

        foreach (var reader in new[] { one, two })
            for (var seq = 1; seq <= 1000; seq++) Assert.Equal(seq, (await reader.NextAsync("entry")).Id);
    }
}
