using System.Diagnostics;
using Symbolon.Authority.Ports;
using Symbolon.Cluster.Support;
using Symbolon.Server.Processes;
using Symbolon.Sessions;

namespace Symbolon.Cluster.Failover;

/// <summary>The database's primary dies in a storm, and its synchronous standby is promoted: nothing that was acknowledged is lost, and verifiers notice nothing.</summary>
public sealed class SynchronousFailoverTests(ITestOutputHelper output)
{
    private const int Authorities = 3, Tabs = 2;

    // As docs/running-many.md says.
    private static readonly TimeSpan WorksAgainWithin = TimeSpan.FromSeconds(30);

    private static int Clients => Storm.IsLong ? 120 : 24;

    private static int Before => Storm.IsLong ? 20_000 : 400;

    [Fact]
    public async Task Failover_KeepsWhatWasAcknowledged_AndVerifiersGoOn()
    {
        await using var pair = await PostgresPair.StartAsync(synchronous: true);
        await using var cluster = await Support.Cluster.CreateOnAsync(pair, ("Symbolon:Refresh:Settle", "00:01:00")); // nobody is late on a busy machine
        var nodes = await cluster.StartAsync(Authorities);
        await using var gateway = await Verifier.GatewayAsync(nodes[0].Address);
        await using var api = await Verifier.ApiAsync(nodes[1].Address);
        var (stays, gone, leaves) = (await nodes[0].StartSessionAsync(), await nodes[1].StartSessionAsync(), await nodes[2].StartSessionAsync());
        Assert.Equal(204, (await nodes[2].Api.LogoutAsync(gone.RefreshToken)).Status);
        foreach (var verifier in new[] { gateway, api })
        {
            await verifier.SaysAsync(stays.AccessToken, null);
            await verifier.SaysAsync(leaves.AccessToken, null);
            await verifier.SaysAsync(gone.AccessToken, "token_revoked");
        }

        var before = api.View.Timeline;
        var verification = new Verification([gateway, api], (stays.AccessToken, null), (gone.AccessToken, "token_revoked"));
        var gate = new Gate();
        var clients = await MakeClientsAsync(nodes, gate);
        using var stop = new CancellationTokenSource();
        var running = clients.Select(client => client.RunAsync(Tabs, stop.Token)).ToList();

        var more = gate.MoreAsync(Before);
        gate.Open();
        await more;
        var logOuts = clients.Take(Clients / 4).Select(client => client.LogOutAsync()).ToList(); // some are answered, others are under way
        await Task.WhenAny(logOuts);
        await pair.Primary.KillAsync();
        await pair.PromoteAsync();
        var promoted = Stopwatch.GetTimestamp();
        await gate.MoreAsync(1).WaitAsync(WorksAgainWithin);
        var worksAgain = Stopwatch.GetElapsedTime(promoted);
        await gate.MoreAsync(Before).WaitAsync(Patiently.Patience);
        await Task.WhenAll(logOuts).WaitAsync(Patiently.Patience);
        await stop.CancelAsync();
        await Task.WhenAll(running);

        Assert.Empty(clients.Select(client => client.Complaint).OfType<string>());
        foreach (var client in clients) await AssertKeptAsync(nodes[0].Get<ISessionStore>(), client);
        foreach (var client in clients) Assert.Equal(client.IsAlive, await client.ExchangeAsync());

        await Patiently.TrueAsync(() => api.View.Timeline is { } now && now != before, "the log's timeline is another");
        Assert.Equal(204, (await nodes[0].Api.LogoutAsync(leaves.RefreshToken)).Status);
        foreach (var verifier in new[] { gateway, api }) await verifier.SaysAsync(leaves.AccessToken, "token_revoked");
        output.WriteLine($"{gate.Rotations} rotations, {clients.Count(client => client.EndAcknowledged)} log-outs, {await verification.EndAsync()} verifications; refreshed again {worksAgain.TotalSeconds:F1} s after the promotion");
    }

    // As the promoted database knows it.
    private static async Task AssertKeptAsync(ISessionStore store, HonestClient client)
    {
        Assert.True(SessionId.TryParse(client.Session, out var id));
        var row = (await store.FindAsync(id, CancellationToken.None)).Session!;
        Assert.True(row.Generation >= client.Store.Acknowledged, $"rotation {client.Store.Acknowledged} was acknowledged, the store knows {row.Generation}");
        Assert.True(row.Ending is not null || !client.EndAcknowledged, "an acknowledged end is lost");
    }

    private static async Task<IReadOnlyList<HonestClient>> MakeClientsAsync(IReadOnlyList<InProcessServer> nodes, Gate gate)
    {
        var clients = new List<HonestClient>();
        var turn = 0;
        for (var i = 0; i < Clients; i++)
        {
            var tokens = await nodes[i % Authorities].StartSessionAsync(ownSubject: true);
            clients.Add(new HonestClient(
                tokens.Session.Id.ToString(), new TokenStore(tokens.RefreshToken, tokens.Generation), request => nodes[(int)((uint)Interlocked.Increment(ref turn) % Authorities)].Api.TryAsync(request), gate));
        }

        return clients;
    }
}
