using Npgsql;

namespace Symbolon.Cluster.Postgres;

/// <summary>The tests' own primary and standby.</summary>
public sealed class PostgresPairTests
{
    [Fact]
    public async Task Promote_KeepsLastAcknowledgedRow_WhenSynchronous()
    {
        await using var pair = await PostgresPair.StartAsync(synchronous: true);
        await WriteAsync(pair, "CREATE TABLE written (number int)", "INSERT INTO written VALUES (1)", "INSERT INTO written VALUES (2)");

        await pair.Primary.KillAsync();
        await pair.PromoteAsync();
        await WriteAsync(pair, "INSERT INTO written VALUES (3)");

        Assert.Equal("1, 2, 3", await pair.Standby.ScalarAsync<string>("SELECT string_agg(number::text, ', ' ORDER BY number) FROM written"));
    }

    [Fact]
    public async Task Promote_LosesAcknowledgedRows_WhenReplicationIsHeld()
    {
        await using var pair = await PostgresPair.StartAsync(synchronous: false);
        await WriteAsync(pair, "CREATE TABLE written (number int)", "INSERT INTO written VALUES (1)");
        await pair.HoldReplicationAsync();
        await WriteAsync(pair, "INSERT INTO written VALUES (2)");

        await pair.Primary.KillAsync();
        await pair.PromoteAsync();
        await WriteAsync(pair, "INSERT INTO written VALUES (3)");

        Assert.Equal("1, 3", await pair.Standby.ScalarAsync<string>("SELECT string_agg(number::text, ', ' ORDER BY number) FROM written"));
    }

    [Fact]
    public async Task Commit_WaitsForStandby_WhenSynchronousReplicationIsHeld()
    {
        await using var pair = await PostgresPair.StartAsync(synchronous: true);
        await WriteAsync(pair, "CREATE TABLE written (number int)");
        await pair.HoldReplicationAsync();

        var writing = WriteAsync(pair, "INSERT INTO written VALUES (1)");
        await Patiently.TrueAsync(
            async () => await pair.Primary.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == 1, () => "the commit waits");
        Assert.False(writing.IsCompleted);

        await pair.ContinueReplicationAsync();
        await writing;
        Assert.Equal(1, await pair.Standby.ScalarAsync<int>("SELECT number FROM written"));
    }

    // As the server does: through the connection string that names both.
    private static async Task WriteAsync(PostgresPair pair, params string[] statements)
    {
        await using var connection = new NpgsqlConnection($"{pair.ConnectionString()};Pooling=false");
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
