using Npgsql;
using Symbolon.Authority;
using Symbolon.Authority.Ports;
using Symbolon.Cluster.Support;
using Symbolon.Server.Processes;
using Symbolon.Storage;

namespace Symbolon.Cluster.Failover;

/// <summary>A standby is promoted that lacks what the primary had acknowledged last: what that costs, and what it must not.</summary>
public sealed class AsynchronousFailoverTests : IAsyncLifetime
{
    private PostgresPair pair = null!;
    private Support.Cluster cluster = null!;
    private IReadOnlyList<InProcessServer> nodes = null!;

    public async ValueTask InitializeAsync()
    {
        pair = await PostgresPair.StartAsync(synchronous: false);
        cluster = await Support.Cluster.CreateOnAsync(pair);
        nodes = await cluster.StartAsync(2);
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        await pair.DisposeAsync();
    }

    [Fact]
    public async Task Failover_KeepsHonestClientsAndWhatVerifiersKnow_WhenAcknowledgedWritesAreLost()
    {
        await StandbyIsRefusedAsync();
        await using var verifier = await Verifier.ApiAsync(nodes[0].Address);
        var (idle, oneLost, threeLost, victim, late, ended) =
            (await NewAsync(), await NewAsync(rotations: 2), await NewAsync(rotations: 2), await NewAsync(rotations: 2), await NewAsync(rotations: 2), await NewAsync());
        await verifier.SaysAsync(idle.AccessToken, null);
        var timeline = verifier.View.Timeline;
        await pair.HoldReplicationAsync();

        // All of this is acknowledged, and lost.
        await oneLost.RotateAsync();
        for (var i = 0; i < 3; i++) await threeLost.RotateAsync();
        await victim.RotateAsync();
        await late.RotateAsync();
        Assert.Equal(204, (await nodes[1].Api.LogoutAsync(ended.RefreshToken)).Status);
        await verifier.SaysAsync(ended.AccessToken, "token_revoked");
        await pair.Primary.KillAsync();
        await pair.PromoteAsync();
        await WorksAsync();

        // The one that lost nothing goes on, and so does the one that lost one: by Adopt.
        await idle.RotateAsync();
        await oneLost.RotateAsync();
        Assert.Equal(1, await AdoptedAsync());
        await oneLost.RotateAsync();

        // Beyond, nothing is decided: not even many tries harm the session.
        for (var i = 0; i < 3; i++) Assert.Equal(503, (await nodes[i % 2].Api.RefreshAsync(threeLost.RefreshToken)).Status);
        Assert.Equal(0, await CountAsync($"sessions WHERE sid = '{threeLost.Session}' AND (ended_at IS NOT NULL OR generation <> 2)"));

        // The window: what only lost rotations had retired works until the honest client comes, and no longer.
        var thief = await nodes[0].Api.RefreshAsync(victim.Used[^2]);
        Assert.Equal(200, thief.Status);
        await victim.RotateAsync();
        Assert.Equal(2, await AdoptedAsync());
        await RefusesAsync(thief.RefreshToken!, victim.Used[^3]);
        await late.RotateAsync();
        await RefusesAsync([.. late.Used[..^1]]); // retired before, and by the lost rotation

        // An acknowledged end is lost with the rest. Whoever knew of it goes on refusing the session, whatever tokens it gets.
        await Patiently.TrueAsync(() => verifier.View.Timeline is { } now && now != timeline, "the log's timeline is another");
        await verifier.SaysAsync(idle.AccessToken, null);
        Assert.Equal("token_revoked", await verifier.CheckAsync(ended.AccessToken));
        await ended.RotateAsync();
        Assert.Equal("token_revoked", await verifier.CheckAsync(ended.AccessToken));
        Assert.Equal(204, (await nodes[0].Api.LogoutAsync(ended.RefreshToken)).Status);
        Assert.Equal(401, (await nodes[1].Api.RefreshAsync(ended.RefreshToken)).Status);
        Assert.Equal(204, (await nodes[1].Api.LogoutAsync(idle.RefreshToken)).Status);
        await verifier.SaysAsync(idle.AccessToken, "token_revoked");
    }

    private async Task StandbyIsRefusedAsync()
    {
        var (single, several) = (Standby(settings => settings), Standby(settings => settings + $",127.0.0.1:{pair.Standby.Port}"));
        Assert.StartsWith("The database server is a standby.", await RefusalAsync(single), StringComparison.Ordinal);
        Assert.StartsWith("None of the hosts is a primary.", await RefusalAsync(several), StringComparison.Ordinal);
    }

    private string Standby(Func<string, string> hosts) =>
        new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Host = hosts($"127.0.0.1:{pair.Standby.Port}") }.ConnectionString.Replace("Target Session Attributes=primary", "", StringComparison.Ordinal);

    private static async Task<string> RefusalAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(new PostgresOptions { ConnectionString = connectionString }.Complete());
        return (await Assert.ThrowsAsync<StorageStartException>(() => PostgresSchema.PrepareAsync(source, PostgresSchema.Migrations, CancellationToken.None))).Message;
    }

    private async Task<Line> NewAsync(int rotations = 0)
    {
        var line = new Line(nodes, await nodes[0].StartSessionAsync(ownSubject: true));
        for (var i = 0; i < rotations; i++) await line.RotateAsync();
        return line;
    }

    private async Task RefusesAsync(params IEnumerable<string> tokens)
    {
        foreach (var token in tokens) Assert.Contains((await nodes[0].Api.RefreshAsync(token)).Status, new[] { 401, 409 });
    }

    private Task WorksAsync() => Patiently.TrueAsync(
        async () =>
        {
            foreach (var node in nodes)
                if ((await node.Api.GetAsync("/health/ready")).Status != 200) return false;
            return true;
        },
        () => "servers find the new primary");

    private Task<long> AdoptedAsync() => CountAsync($"events WHERE kind = {(int)Sessions.EventKind.SessionAdopted}");

    private Task<long> CountAsync(string rows) => pair.Standby.ScalarAsync<long>($"SELECT count(*) FROM symbolon.{rows}", new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Database!);

    /// <summary>A client that keeps what it used.</summary>
    private sealed class Line(IReadOnlyList<InProcessServer> nodes, IssuedTokens first)
    {
        public string Session { get; } = first.Session.Id.ToString();

        public string RefreshToken { get; private set; } = first.RefreshToken;

        public string AccessToken { get; private set; } = first.AccessToken;

        /// <summary>The refresh tokens that it has presented, the oldest first.</summary>
        public List<string> Used { get; } = [];

        /// <summary>One exchange, asked again as long as the answer is that the database is not there.</summary>
        public async Task RotateAsync()
        {
            Answer answer = null!;
            await Patiently.TrueAsync(async () => (answer = await nodes[Used.Count % 2].Api.RefreshAsync(RefreshToken)).Status != 503, () => $"no answer: {answer.Code}");
            Assert.True(answer.Status == 200, $"{answer}");
            Used.Add(RefreshToken);
            (RefreshToken, AccessToken) = (answer.RefreshToken!, answer.AccessToken!);
        }
    }
}
