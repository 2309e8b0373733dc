using System.Diagnostics;
using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Faults;

/// <summary>What goes wrong between a verifier that denies and its authority: nothing that was revoked meanwhile is missed, and nothing is accepted beyond the bound.</summary>
public sealed class FeedFaultTests(EdgeFixture edge) : IClassFixture<EdgeFixture>, IAsyncLifetime
{
    private const string Feed = "/revocations", Stream = "/revocations/stream", Revoked = "token_revoked", Stale = "view_stale";
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    public async ValueTask InitializeAsync() => await edge.CurrentAsync();

    public async ValueTask DisposeAsync()
    {
        edge.Relay.Open();
        await edge.CurrentAsync();
    }

    [Fact]
    public async Task Revoked_IsRefused_WhenAllIsWell()
    {
        var ended = await edge.NewSessionAsync();
        await edge.EndAsync(ended);
        await edge.Api.SaysAsync(ended.AccessToken, Revoked);
        Assert.Null(await edge.Api.CheckAsync(edge.Honest.AccessToken));
    }

    [Fact]
    public async Task NothingIsMissed_WhenTheFeedWasCutForASecond()
    {
        SignedIn[] ended = [await edge.NewSessionAsync(), await edge.NewSessionAsync(), await edge.NewSessionAsync()];
        var before = await edge.Api.ViewAsync();
        edge.Relay.Cut();
        var cutAt = Stopwatch.GetTimestamp();
        foreach (var session in ended) await edge.EndAsync(session);
        await PassedAsync(cutAt, OneSecond);
        Assert.Equal(before.Seq, (await edge.Api.ViewAsync()).Seq);

        edge.Relay.Open();
        await AppliedAsync(before.Seq + ended.Length);
        foreach (var session in ended) Assert.Equal(Revoked, await edge.Api.CheckAsync(session.AccessToken));
        Assert.Equal(before.Timeline, (await edge.Api.ViewAsync()).Timeline);
    }

    [Fact]
    public async Task NothingIsMissed_WhenTheAuthorityWasKilled()
    {
        var (first, second) = (await edge.NewSessionAsync(), await edge.NewSessionAsync());
        var before = await edge.Api.ViewAsync();
        edge.Relay.Cut(); // so that what comes last is committed, and not yet sent
        await edge.EndAsync(first);
        await edge.Server.KillAsync();
        edge.Relay.Open();
        await edge.Api.SaysAsync(edge.Honest.AccessToken, Stale);

        await edge.Server.StartAgainAsync();
        await edge.CurrentAsync();
        Assert.Equal(Revoked, await edge.Api.CheckAsync(first.AccessToken));
        Assert.Equal(before.Timeline, (await edge.Api.ViewAsync()).Timeline);
        await edge.EndAsync(second);
        await edge.Api.SaysAsync(second.AccessToken, Revoked);
    }

    [Fact]
    public async Task TheWholeLogIsTaken_WhenItWasCompactedMeanwhile()
    {
        var (compacted, kept) = (await edge.NewSessionAsync(), await edge.NewSessionAsync());
        var before = await edge.Api.ViewAsync();
        edge.Relay.Cut();
        await edge.EndAsync(compacted);
        edge.Execute("UPDATE revocations SET until = 0"); // as if an hour had passed
        await Patiently.TrueAsync(() => Task.FromResult(edge.Query("SELECT compacted FROM system") > before.Seq), () => "Nothing was compacted.");
        await edge.EndAsync(kept);

        edge.Relay.Open();
        await AppliedAsync(before.Seq + 2);
        Assert.Equal(Revoked, await edge.Api.CheckAsync(kept.AccessToken));
        Assert.Equal(before.Timeline, (await edge.Api.ViewAsync()).Timeline);
    }

    [Fact]
    public async Task ABufferedStream_DelaysNothingBeyondTheBound_AndRefusesNobodyElse()
    {
        var ended = await edge.NewSessionAsync();
        edge.Relay.Set(path => path.StartsWith(Stream, StringComparison.Ordinal) ? Passage.Kept : Passage.Open);
        await edge.EndAsync(ended);
        var endedAt = Stopwatch.GetTimestamp();

        await PassedAsync(endedAt, edge.Api.Settings.MaxStaleness);
        Assert.NotNull(await edge.Api.CheckAsync(ended.AccessToken));
        await edge.Api.SaysAsync(ended.AccessToken, Revoked); // read instead of waited for
        await edge.CurrentAsync(); // though the stream stays buffered
    }

    [Fact]
    public async Task OldHeartbeats_MakeNothingCurrent()
    {
        var ended = await edge.NewSessionAsync();
        var view = await edge.Api.ViewAsync();
        edge.Relay.Set(path => path.StartsWith(Stream, StringComparison.Ordinal) ? Passage.Kept : path.StartsWith(Feed, StringComparison.Ordinal) ? Passage.Held : Passage.Open);
        await edge.EndAsync(ended);
        var endedAt = Stopwatch.GetTimestamp();

        var heard = 0;
        var heartbeat = $"event: heartbeat\ndata: {{\"timeline\":\"{view.Timeline}\",\"seq\":{view.Seq},\"now\":\"{TimeProvider.System.GetUtcNow():O}\"}}\n\n";
        await Patiently.TrueAsync(async () =>
        {
            heard += await edge.Relay.ReplayAsync(Stream, heartbeat);
            return await edge.Api.CheckAsync(edge.Honest.AccessToken) == Stale;
        }, () => "Old heartbeats keep the view current.");
        await PassedAsync(endedAt, edge.Api.Settings.MaxStaleness);

        Assert.InRange(heard, 2, int.MaxValue);
        Assert.Equal(Stale, await edge.Api.CheckAsync(ended.AccessToken));
        edge.Relay.Open();
        await edge.CurrentAsync();
        Assert.Equal(Revoked, await edge.Api.CheckAsync(ended.AccessToken));
    }

    [Fact]
    public async Task AHalfOpenFeed_IsGivenUp_AndNothingIsMissed()
    {
        var ended = await edge.NewSessionAsync();
        edge.Relay.HalfOpen();
        await edge.EndAsync(ended);
        await edge.Api.SaysAsync(edge.Honest.AccessToken, Stale);

        edge.Relay.Open();
        await edge.CurrentAsync();
        Assert.Equal(Revoked, await edge.Api.CheckAsync(ended.AccessToken));
    }

    private static Task PassedAsync(long since, TimeSpan length) =>
        Patiently.TrueAsync(() => Task.FromResult(Stopwatch.GetElapsedTime(since) > length), () => "The clock stands.");

    private Task AppliedAsync(long seq) => Patiently.TrueAsync(async () => (await edge.Api.ViewAsync()).Seq >= seq, () => $"{seq} does not come.\n{edge.Api.Output}");
}
