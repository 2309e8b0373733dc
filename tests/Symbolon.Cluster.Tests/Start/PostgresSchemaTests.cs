using Npgsql;
using Symbolon.Storage;

namespace Symbolon.Cluster.Start;

/// <summary>How a database comes to its schema: all at once, once, or not at all; and what another version of the program finds.</summary>
public sealed class PostgresSchemaTests : IAsyncLifetime
{
    private const int Servers = 8;
    private static readonly PostgresMigration Counts = new("CREATE TABLE symbolon.runs AS SELECT 1 AS run");
    private readonly int ours = PostgresSchema.Migrations.Count;
    private PostgresServer postgres = null!;
    private string database = null!;

    public async ValueTask InitializeAsync()
    {
        postgres = await PostgresServer.SharedAsync();
        database = await postgres.CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync() => await postgres.DropDatabaseAsync(database);

    [Fact]
    public async Task Prepare_MakesSchemaOnce_WhenServersStartAtOnce()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, Servers).Select(_ => Task.Run(() => PrepareAsync(Counts))));

        Assert.All(versions, version => Assert.Equal(ours + 1, version));
        Assert.Equal(1, await ScalarAsync<long>("SELECT count(*) FROM symbolon.runs"));
        Assert.Equal($"{ours + 1} 1", await SchemaAsync());
    }

    [Fact]
    public async Task Prepare_LeavesNothing_WhenScriptFails()
    {
        var refusal = await Assert.ThrowsAsync<StorageStartException>(() => PrepareAsync(Counts, new("CREATE TABLE symbolon.half AS SELECT 1 AS one; SELECT 1 / 0")));

        Assert.Contains("division by zero (22012)", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'symbolon'"));
    }

    [Fact]
    public async Task Prepare_LeavesSchemaAsItWas_WhenMigrationFails()
    {
        await PrepareAsync();
        await Assert.ThrowsAsync<StorageStartException>(() => PrepareAsync(Counts, new("SELECT 1 / 0")));

        Assert.Null(await ScalarAsync<string>("SELECT to_regclass('symbolon.runs')::text"));
        Assert.Equal($"{ours} 1", await SchemaAsync());
        Assert.Equal(ours, await PrepareAsync());
    }

    [Fact]
    public async Task Prepare_GoesOn_WhenSchemaIsNewerAndOnlyExpanded()
    {
        await PrepareAsync(Counts);

        Assert.Equal(ours + 1, await PrepareAsync());
        Assert.Equal($"{ours + 1} 1", await SchemaAsync());
    }

    [Fact]
    public async Task Prepare_Refuses_WhenNewerSchemaIsContracted()
    {
        await PrepareAsync(Counts, new($"-- contracts {ours + 2}\nDROP TABLE symbolon.runs"));
        Assert.Equal($"{ours + 2} {ours + 2}", await SchemaAsync());

        foreach (var known in new PostgresMigration[][] { [], [Counts] })
        {
            var refusal = await Assert.ThrowsAsync<StorageStartException>(() => PrepareAsync(known));
            Assert.StartsWith($"The database was written by a newer version (schema {ours + 2}, ", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal($"{ours + 2} {ours + 2}", await SchemaAsync());
    }

    [Fact]
    public async Task Prepare_GoesOn_WhenNewerSchemaIsContractedButNotForThisVersion()
    {
        await PrepareAsync(Counts, new($"-- contracts {ours}\nDROP TABLE symbolon.runs"));

        Assert.Equal(ours + 2, await PrepareAsync());
        Assert.Equal($"{ours + 2} {ours}", await SchemaAsync());
    }

    [Fact]
    public async Task Prepare_Waits_WhileAnotherServerMigrates()
    {
        await using var other = new NpgsqlConnection($"{database};Pooling=false");
        await other.OpenAsync();
        await using (var migrating = await other.BeginTransactionAsync())
        {
            await new NpgsqlCommand("SELECT pg_advisory_xact_lock(x'73796D626F6C6F6E'::bigint)", other).ExecuteNonQueryAsync();
            var preparing = PrepareAsync();
            await Patiently.TrueAsync(async () => await ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 1, () => "the other waits");
            Assert.False(preparing.IsCompleted);
            await migrating.CommitAsync();
            Assert.Equal(ours, await preparing);
        }
    }

    private async Task<int> PrepareAsync(params PostgresMigration[] newer)
    {
        await using var source = NpgsqlDataSource.Create(new PostgresOptions { ConnectionString = database }.Complete());
        return await PostgresSchema.PrepareAsync(source, [.. PostgresSchema.Migrations, .. newer], CancellationToken.None);
    }

    private Task<string?> SchemaAsync() => ScalarAsync<string>("SELECT version || ' ' || oldest FROM symbolon.schema");

    private Task<T?> ScalarAsync<T>(string sql) => postgres.ScalarAsync<T>(sql, new NpgsqlConnectionStringBuilder(database).Database!);
}
