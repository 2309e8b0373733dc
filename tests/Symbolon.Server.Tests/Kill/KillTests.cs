using System.Security.Cryptography;
using Symbolon.Server.Processes;
using Symbolon.Storage;

namespace Symbolon.Server.Kill;

/// <summary>A server that is killed in the middle of everything has kept what it acknowledged: [I8] [I10] and nobody honest is logged out [I7].</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Clients = 64, Tabs = 2, Cycles = 20;

    [Fact]
    public async Task Restart_KeepsWhatWasAcknowledged_WhenTheServerIsKilledInAStorm()
    {
        using var folder = new TempFolder();
        // Messages are delayed by less than this also on a machine that is busy with something else.
        var settings = ServerSettings.Complete(folder).With("Symbolon:Refresh:Settle", "00:01:00").With("Logging:LogLevel:Default", "Warning");
        using var api = new Api(new Uri(settings.Address));
        var gate = new Gate();
        var clients = await MakeClientsAsync(settings, api, gate);
        using var stop = new CancellationTokenSource();
        var running = clients.Select(client => client.RunAsync(Tabs, stop.Token)).ToList();
        var (logOuts, readyAfter) = (new List<Task>(), new List<TimeSpan>());

        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            await using var server = ServerProcess.Start(settings);
            if (cycle % 5 == 4)
            {
                await Task.Delay(RandomNumberGenerator.GetInt32(700)); // killed while it starts
                continue;
            }

            readyAfter.Add(await server.ReadyAsync());
            AssertKept(folder, clients);
            await SacrificeAsync(clients);
            var more = gate.MoreAsync(RandomNumberGenerator.GetInt32(1, 1_500));
            gate.Open();
            await more;
            logOuts.Add(clients.Last(client => client.IsAlive).LogOutAsync());
            await Task.Delay(RandomNumberGenerator.GetInt32(60)); // somewhere between two answers
            gate.Close();
            server.Kill();
            AssertContent(clients);
        }

        await using var last = await ServerProcess.ReadyAsync(settings);
        gate.Open();
        await Task.WhenAll(logOuts);
        await stop.CancelAsync();
        await Task.WhenAll(running);
        AssertKept(folder, clients);
        foreach (var client in clients.Where(client => client.IsAlive)) Assert.True(await client.ExchangeAsync());
        foreach (var client in clients.Where(client => client.EndAcknowledged)) Assert.False(await client.ExchangeAsync());
        AssertContent(clients);
        Report(gate, clients, readyAfter);
    }

    private static void AssertContent(IReadOnlyList<HonestClient> clients) => Assert.Empty(clients.Select(client => client.Complaint).OfType<string>());

    // Reads the file as the restarted server does: what was acknowledged stands there.
    private static void AssertKept(TempFolder folder, IReadOnlyList<HonestClient> clients)
    {
        var promised = clients.Select(client => (client.Session, client.Store.Acknowledged, client.EndAcknowledged)).ToList();
        using var database = new SqliteDatabase(new SqliteOptions { DataSource = folder.Database }, TimeProvider.System);
        database.Open();
        var rows = SqliteSessionLists.Scan(database, after: null, take: int.MaxValue).ToDictionary(facts => facts.Session!.Id.ToString(), facts => facts.Session!);
        foreach (var (session, acknowledged, endAcknowledged) in promised)
        {
            var row = rows[session];
            Assert.True(row.Generation >= acknowledged, $"rotation {acknowledged} of {session} was acknowledged, the store knows {row.Generation}");
            Assert.True(row.Ending is not null || !endAcknowledged, $"the end of {session} was acknowledged, the store does not know it");
        }
    }

    // A thief comes with an old token after the restart. The session may end; tokens it must not yield.
    private static async Task SacrificeAsync(IReadOnlyList<HonestClient> clients)
    {
        foreach (var client in clients.Where(client => client.IsAlive))
            if (await client.PresentDeadAsync()) return;
    }

    private static async Task<IReadOnlyList<HonestClient>> MakeClientsAsync(ServerSettings settings, Api api, Gate gate)
    {
        await using var maker = await InProcessServer.StartAsync(settings);
        var clients = new List<HonestClient>();
        for (var i = 0; i < Clients; i++)
        {
            var tokens = await maker.StartSessionAsync();
            clients.Add(new HonestClient(tokens.Session.Id.ToString(), new TokenStore(tokens.RefreshToken, tokens.Generation), api.TryAsync, gate));
        }

        return clients;
    }

    private void Report(Gate gate, IReadOnlyList<HonestClient> clients, List<TimeSpan> readyAfter)
    {
        readyAfter.Sort();
        output.WriteLine($"{gate.Rotations} rotations, {clients.Count(client => client.EndAcknowledged)} log-outs, {clients.Count(client => client.IsAlive)} clients alive at the end");
        output.WriteLine($"ready after: median {readyAfter[readyAfter.Count / 2].TotalSeconds:F2} s, slowest {readyAfter[^1].TotalSeconds:F2} s");
    }
}
