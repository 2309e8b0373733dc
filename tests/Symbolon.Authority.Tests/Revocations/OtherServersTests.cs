using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.OAuth;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary>A receipt is certain only where this server knows every verifier: of the server before it, and of others beside it.</summary>
public sealed class OtherServersTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10), Pause = TimeSpan.FromMilliseconds(10), Second = TimeSpan.FromSeconds(1), Beat = TimeSpan.FromSeconds(4);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-");
    private readonly FiringTime clock = new();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact] // regression: after ten seconds it was certain
    public async Task Receipt_IsNotCertain_UntilWhatWasPromisedBeforeTheStartIsOver()
    {
        await using (var before = await FeedServer.StartAsync(clock, Sqlite()))
            (await before.AcknowledgeAsync(await FeedReader.TokenAsync(before), 0, maxStaleness: 600)).Is(200);
        await using var server = await FeedServer.StartAsync(clock, Sqlite());
        await PassAsync(server, TimeSpan.FromSeconds(20));
        clock.Advance(TimeSpan.FromSeconds(570));
        Assert.Equal((null, null), await ReceiptAsync(server));

        await PassAsync(server, TimeSpan.FromSeconds(20));

        Assert.Equal((true, null), await ReceiptAsync(server));
    }

    [Fact]
    public async Task Receipt_IsCertain_ThoughALongerPromiseIsMadeToThisServer()
    {
        await using var server = await FeedServer.StartAsync(clock, Sqlite());
        await PassAsync(server, OtherServers.Settle);
        var token = await FeedReader.TokenAsync(server);
        await server.AcknowledgeAsync(token, 0, maxStaleness: 3600);
        await server.AcknowledgeAsync(token, 0, leaving: true);

        Assert.Equal((true, null), await ReceiptAsync(server));
    }

    [Fact] // regression: the verifiers of the other server were nobody's
    public async Task Receipt_IsNotCertain_UntilWhatWasPromisedToAServerThatIsGoneIsOver()
    {
        await using var server = await FeedServer.StartAsync(clock);
        await PassAsync(server, TimeSpan.FromSeconds(30));
        Assert.Equal((true, null), await ReceiptAsync(server));
        await using (var other = await FeedServer.StartAsync(clock, services: all => all.ShareStoreOf(server)))
        {
            Assert.Equal((true, 2), await ReceiptAsync(server));
            Assert.Equal((null, 2), await ReceiptAsync(other)); // it has just started
            await other.AcknowledgeAsync(await FeedReader.TokenAsync(other), 0, maxStaleness: 60);
        }

        Assert.Equal((null, 2), await ReceiptAsync(server)); // nobody knows yet that it is gone
        await PassAsync(server, TimeSpan.FromSeconds(20));
        Assert.Equal((null, null), await ReceiptAsync(server));
        await PassAsync(server, TimeSpan.FromSeconds(40));
        Assert.Equal((null, null), await ReceiptAsync(server));
        await PassAsync(server, TimeSpan.FromSeconds(20));
        Assert.Equal((true, null), await ReceiptAsync(server));
    }

    [Fact] // others may have ceased to wait for what its verifiers promise
    public async Task Acknowledge_Is503_WhenItsServerCouldNotSayForLongThatItLives()
    {
        var calls = new PortCalls();
        await using var server = await FeedServer.StartAsync(clock, services: all => calls = PortCalls.Watch<IServerRegistry>(all));
        var token = await FeedReader.TokenAsync(server);
        (await server.AcknowledgeAsync(token, 0)).Is(200);
        calls.AreDown = true;
        (await server.AcknowledgeAsync(token, 0)).Is(200);
        clock.Advance(TimeSpan.FromSeconds(6));

        (await server.AcknowledgeAsync(token, 0)).IsProblem(503, "unavailable");
        calls.AreDown = false;
        (await server.AcknowledgeAsync(token, 0)).Is(200);
    }

    private (string, string)[] Sqlite() => [("Symbolon:Storage:Provider", "sqlite"), ("ConnectionStrings:Symbolon", $"Data Source={Path.Combine(folder.FullName, "symbolon.db")}")];

    // What beats in the background needs real time, too: the clock does not run away from it, however busy the machine is.
    private async Task PassAsync(TestServer server, TimeSpan length)
    {
        var (heard, silent) = (await BeatsAsync(server), TimeSpan.Zero);
        for (var passed = TimeSpan.Zero; passed < length; passed += Second)
        {
            clock.Advance(Second);
            await Task.Delay(Pause);
            if ((silent += Second) >= Beat) await Patiently.TrueAsync(async () => await BeatsAsync(server) != heard, () => "The server does not beat.");
            if (await BeatsAsync(server) is var now && now != heard) (heard, silent) = (now, TimeSpan.Zero);
        }
    }

    private static async Task<long> BeatsAsync(TestServer server) =>
        (await server.Get<IServerRegistry>().ReadAsync(answersTo: null, default)).Servers.Sum(one => one.Beats);

    private async Task<(bool? IsCertain, int? Servers)> ReceiptAsync(TestServer server)
    {
        var user = (await server.RegisterAsync()).Tokens;
        var receipt = (await clock.AdvanceUntilAsync(server.PostAsync("/auth/logout?wait=1s", null, user.AccessToken), Step)).Is(200)["receipt"];
        return (receipt.TryGetProperty("certain_at", out _) ? true : null, receipt.TryGetProperty("servers", out var servers) ? servers.GetInt32() : null);
    }
}
