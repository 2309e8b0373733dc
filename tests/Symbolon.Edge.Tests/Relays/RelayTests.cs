using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Relays;

/// <summary>The relay does what the tests of faults rely on.</summary>
public sealed class RelayTests : IAsyncLifetime
{
    private WebApplication server = null!;
    private Relay relay = null!;
    private HttpClient http = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.MapGet("/call", () => "called");
        server.MapGet("/stream", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("first\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await server.StartAsync();
        relay = Relay.To(new Uri(server.Urls.Single()).Port);
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{relay.Port}"), Timeout = Patiently.Patience };
    }

    [Fact]
    public async Task Open_PassesBothWays() => Assert.Equal("called", await http.GetStringAsync("/call", Ct));

    [Fact]
    public async Task Cut_EndsWhatIsOpenAndRefusesWhatIsNew_UntilItOpens()
    {
        using var stream = await OpenStreamAsync();
        relay.Cut();

        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.ReadLineAsync(Ct));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("/call", Ct));
        relay.Open();
        Assert.Equal("called", await http.GetStringAsync("/call", Ct));
    }

    [Fact]
    public async Task HalfOpen_AcceptsAndPassesNothing_UntilItOpens()
    {
        relay.HalfOpen();
        using var probe = new TcpClient();
        await probe.ConnectAsync("127.0.0.1", relay.Port, Ct); // accepted
        var call = http.GetStringAsync("/call", Ct);
        await Patiently.TrueAsync(() => Task.FromResult(relay.Count("/call") == 1), () => "The request did not come to the relay.");

        Assert.False(call.IsCompleted);
        relay.Open();
        Assert.Equal("called", await call);
    }

    [Fact]
    public async Task Kept_HasTheServerServe_AndItsAnswerCome_WhenItOpens()
    {
        relay.Set(path => path == "/stream" ? Passage.Kept : Passage.Open);
        var opening = OpenStreamAsync();
        await Patiently.TrueAsync(() => Task.FromResult(relay.Count("/stream") == 1), () => "The request did not come to the relay.");

        Assert.Equal("called", await http.GetStringAsync("/call", Ct)); // other paths pass
        Assert.False(opening.IsCompleted);
        relay.Open();
        (await opening).Dispose();
    }

    [Fact]
    public async Task Replay_ReachesTheReader_AsIfTheServerHadSentIt()
    {
        using var stream = await OpenStreamAsync();
        await Patiently.TrueAsync(async () => await relay.ReplayAsync("/stream", "again\n") == 1, () => "Nothing could be inserted.");
        Assert.Equal("again", await stream.ReadLineAsync(Ct));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await relay.DisposeAsync();
        await server.DisposeAsync();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<StreamReader> OpenStreamAsync()
    {
        var reader = new StreamReader(await http.GetStreamAsync("/stream", Ct));
        Assert.Equal("first", await reader.ReadLineAsync(Ct));
        return reader;
    }
}
