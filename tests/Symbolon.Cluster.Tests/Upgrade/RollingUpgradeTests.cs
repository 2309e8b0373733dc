using Microsoft.Extensions.DependencyInjection;
using Symbolon.Cluster.Support;
using Symbolon.Server.Processes;
using Symbolon.Storage;

namespace Symbolon.Cluster.Upgrade;

/// <summary>The previous version and the next side by side on one database under load: it is expanded, the servers change one by one, and a later version contracts it.</summary>
public sealed class RollingUpgradeTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 16, Tabs = 2;

    private static readonly int First = PostgresSchema.Migrations.Count;

    // The next version, and the one after it: this program, with more scripts.
    private static readonly PostgresMigration Expands = new(
        "ALTER TABLE symbolon.sessions ADD COLUMN colour text COLLATE \"C\" NOT NULL DEFAULT 'none'; CREATE INDEX sessions_of_colour ON symbolon.sessions (colour)");

    private static readonly PostgresMigration Contracts = new($"-- contracts {First + 1}\nALTER TABLE symbolon.sessions DROP COLUMN colour");

    private readonly Gate gate = new();
    private readonly Balancer balancer = new();
    private readonly List<HonestClient> clients = [];
    private IReadOnlyList<Task> running = [];

    private static int Between => Storm.IsLong ? 10_000 : 100;

    public void Dispose()
    {
        gate.Close(); // for clients that go on because something else has failed
        balancer.Dispose();
    }

    [Fact]
    public async Task Upgrade_FailsNoVerificationAndLosesNoRefresh_WhenServersChangeOneByOne()
    {
        await using var cluster = await Support.Cluster.CreateAsync(null, ("Symbolon:Refresh:Settle", "00:01:00")); // nobody is late on a busy machine
        var nodes = (await cluster.StartAsync(2)).ToArray();
        await using var verifier = await Verifier.ApiAsync(nodes[0].Address);
        var (stays, gone, leaves) = (await nodes[0].StartSessionAsync(), await nodes[1].StartSessionAsync(), await nodes[1].StartSessionAsync());
        Assert.Equal(204, (await nodes[0].Api.LogoutAsync(gone.RefreshToken)).Status);
        await verifier.SaysAsync(stays.AccessToken, null);
        await verifier.SaysAsync(gone.AccessToken, "token_revoked");
        var verification = new Verification([verifier], (stays.AccessToken, null), (gone.AccessToken, "token_revoked"));
        foreach (var node in nodes) balancer.Add(node.Address);
        await MakeClientsAsync(nodes);
        using var stop = new CancellationTokenSource();
        running = clients.Select(client => client.RunAsync(Tabs, stop.Token)).ToList();
        gate.Open();
        await WorksAsync();

        // The next version expands beside the two; the previous one goes on, and may still start.
        var beside = await StartAsync(cluster, at: null, Expands);
        await SchemaIsAsync(cluster, $"{First + 1} 1");
        balancer.Add(beside.Address);
        await WorksAsync();
        var again = await StartAsync(cluster, at: null);
        balancer.Add(again.Address);
        await WorksAsync();
        await StopAsync(again);

        // Then they change, each where it was.
        for (var i = 0; i < nodes.Length; i++)
        {
            await StopAsync(nodes[i]);
            nodes[i] = await StartAsync(cluster, nodes[i].Address, Expands);
            balancer.Add(nodes[i].Address);
            await WorksAsync();
        }

        // A later one contracts; the one before it goes on, the first does not start any more.
        var later = await StartAsync(cluster, at: null, Expands, Contracts);
        await SchemaIsAsync(cluster, $"{First + 2} {First + 1}");
        balancer.Add(later.Address);
        await WorksAsync();
        var refusal = await Assert.ThrowsAsync<StorageStartException>(() => StartAsync(cluster, at: null));
        Assert.StartsWith("The database was written by a newer version", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(204, (await later.Api.LogoutAsync(leaves.RefreshToken)).Status);
        await verifier.SaysAsync(leaves.AccessToken, "token_revoked");
        await WorksAsync();

        await stop.CancelAsync();
        await Task.WhenAll(running);
        foreach (var client in clients) Assert.True(await client.ExchangeAsync());
        AssertNothingFailed();
        output.WriteLine($"{gate.Rotations} rotations, {balancer.Requests} requests, {balancer.Losses} asked again, {await verification.EndAsync()} verifications");
    }

    private static Task<InProcessServer> StartAsync(Support.Cluster cluster, Uri? at, params PostgresMigration[] newer) =>
        cluster.StartAsync(services => services.Configure<PostgresOptions>(options => options.Migrations = [.. PostgresSchema.Migrations, .. newer]), at);

    private static async Task SchemaIsAsync(Support.Cluster cluster, string schema) =>
        Assert.Equal(schema, await cluster.ScalarAsync<string>("SELECT version || ' ' || oldest FROM symbolon.schema"));

    // It is asked no more, and ends what it has begun.
    private async Task StopAsync(InProcessServer node)
    {
        balancer.Remove(node.Address);
        await node.DisposeAsync();
    }

    // A client that has something to complain of ends.
    private async Task WorksAsync()
    {
        var enough = gate.MoreAsync(Between);
        await Task.WhenAny([enough, .. running]).WaitAsync(Patiently.Patience);
        AssertNothingFailed();
        await enough.WaitAsync(Patiently.Patience);
    }

    private void AssertNothingFailed()
    {
        Assert.Empty(clients.Select(client => client.Complaint).OfType<string>());
        Assert.Equal(0, balancer.Failures);
    }

    private async Task MakeClientsAsync(InProcessServer[] nodes)
    {
        while (clients.Count < Clients)
        {
            var tokens = await nodes[clients.Count % nodes.Length].StartSessionAsync(ownSubject: true);
            clients.Add(new HonestClient(tokens.Session.Id.ToString(), new TokenStore(tokens.RefreshToken, tokens.Generation), balancer.SendAsync, gate));
        }
    }
}
