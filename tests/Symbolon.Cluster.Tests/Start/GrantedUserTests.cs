using Symbolon.Cluster.Support;
using Symbolon.Storage;

namespace Symbolon.Cluster.Start;

/// <summary>A server whose user does not own the schema, and has what docs/storage-postgresql.md says that it needs.</summary>
public sealed class GrantedUserTests
{
    [Fact]
    public async Task Server_DoesEverything_WhenUserHasWhatIsDocumented()
    {
        await using var cluster = await Support.Cluster.CreateAsync();
        await (await cluster.StartAsync()).DisposeAsync(); // the owner's: makes the schema
        await cluster.ScalarAsync<object>("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA symbolon FROM PUBLIC");
        await using var user = await DatabaseUser.CreateAsync(cluster.Postgres, cluster.ConnectionString);
        await user.GrantAsync("USAGE ON SCHEMA symbolon", "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA symbolon", "EXECUTE ON ALL FUNCTIONS IN SCHEMA symbolon");
        await using var server = await cluster.StartAsync(("ConnectionStrings:Symbolon", user.ConnectionString()));

        var first = await server.Api.PostAsync("/auth/register", new { username = "granted", password = "three unrelated words" });
        var next = await server.Api.RefreshAsync(first.RefreshToken!);
        Assert.Equal((201, 200), (first.Status, next.Status));
        Assert.Equal(204, (await server.Api.LogoutAsync(next.RefreshToken!)).Status);
        Assert.Equal("token_revoked", (await server.Api.GetAsync("/auth/session", next.AccessToken)).Code);
        await server.Get<PostgresEventPartitions>().MaintainAsync(TimeSpan.Zero, CancellationToken.None); // leaves them to the owner

        // What it hears of others comes by LISTEN.
        await using var other = await cluster.StartAsync();
        var session = await server.StartSessionAsync();
        Assert.Equal(204, (await other.Api.LogoutAsync(session.RefreshToken)).Status);
        await Patiently.TrueAsync(async () => (await server.Api.GetAsync("/auth/session", session.AccessToken)).Code == "token_revoked", () => "it is told");
        Assert.Equal(1, await cluster.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE usename = '{user.Name}' AND query LIKE '%LISTEN%'"));
    }
}
