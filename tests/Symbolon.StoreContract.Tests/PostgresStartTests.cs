using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Symbolon.Sessions;
using Symbolon.Storage;

namespace Symbolon.StoreContract;

/// <summary>Opening a PostgreSQL database.</summary>
public sealed class PostgresStartTests
{
    /// <summary>A migration, and who waited for another's, was given up by the client after the time that a statement of a request may take.</summary>
    [Fact]
    public async Task Open_TakesItsTime_WhenAMigrationIsLongerThanAStatementMayBe()
    {
        var (server, connectionString) = (await PostgresServer.SharedAsync(), await PostgresStores.CreateAsync());
        var longest = new NpgsqlConnectionStringBuilder(new PostgresOptions { ConnectionString = connectionString, CommandTimeout = TimeSpan.FromSeconds(0.1) }.Complete()).CommandTimeout;
        var slow = new PostgresMigration($"SELECT pg_sleep({longest} + 0.2)");
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => PostgresStores.Open(connectionString, TimeProvider.System, options =>
        {
            options.CommandTimeout = TimeSpan.FromSeconds(0.1);
            options.Migrations = [.. PostgresSchema.Migrations, slow];
        }).DisposeAsync().AsTask())));
        await server.DropDatabaseAsync(connectionString);
    }

    /// <summary>A name that the encoding lacks made each statement fail that wrote it.</summary>
    [Fact]
    public async Task Open_Refuses_WhenTheEncodingCannotHoldEveryText()
    {
        var server = await PostgresServer.SharedAsync();
        await server.ExecuteAsync("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
        var refused = Assert.Throws<StorageStartException>(() => PostgresStores.Open(server.ConnectionString("latin"), TimeProvider.System));
        Assert.Contains("LATIN1", refused.Message, StringComparison.Ordinal);
        await server.DropDatabaseAsync(server.ConnectionString("latin"));
    }

    /// <summary>The first day's events stood in the default partition, which making each later one reads through, the whole table locked.</summary>
    [Fact]
    public async Task Start_MakesRoomForEvents_BeforeTheFirstOneComes()
    {
        var (server, connectionString) = (await PostgresServer.SharedAsync(), await PostgresStores.CreateAsync());
        await using (var database = PostgresStores.Open(connectionString, TimeProvider.System))
        {
            var (listener, partitions) = (new PostgresListener(database, TimeProvider.System, NullLogger.Instance), new PostgresEventPartitions(database, TimeProvider.System, NullLogger.Instance));
            await new PostgresStart(database, listener, partitions).StartingAsync(default);
            await new PostgresEventLog(database, partitions).AppendAsync(new SessionEvent(EventKind.EraRaised, DateTimeOffset.UnixEpoch, null, null, 1), default); // the test's clock begins there
            Assert.Empty(await database.ReadAsync(connection => connection.Command("SELECT id FROM symbolon.events_default").ListAsync(static row => row.Int64()), default));
        }

        await server.DropDatabaseAsync(connectionString);
    }

    /// <summary>Versions work side by side: one unknown reason stopped the housekeeping, and with it the server, of each older one.</summary>
    [Fact]
    public async Task Find_TellsThatASessionHasEnded_WhenANewerVersionSaysWhy()
    {
        using var stores = new PostgresStores();
        await stores.Sessions.TryStartAsync(Records.Start(Records.Session(1)), [], default);
        await stores.Database.WriteAsync(connection => connection.Command("UPDATE symbolon.sessions SET ended_at = 1, end_reason = 'of_tomorrow'").RunAsync(), default);
        Assert.NotNull((await stores.Sessions.FindAsync(Records.Id(1), default)).Session!.Ending);
        Assert.Single(await stores.Sessions.ScanAsync(null, 10, default));
    }

    /// <summary>What a server has prepared answers with the columns of before.</summary>
    [Fact]
    public async Task Find_GoesOn_WhenANewerVersionChangesAColumnsType()
    {
        var (server, connectionString) = (await PostgresServer.SharedAsync(), await PostgresStores.CreateAsync());
        await using (var database = PostgresStores.Open(connectionString, TimeProvider.System))
        {
            var sessions = new PostgresSessionStore(database);
            for (var i = 0; i < 4; i++) await sessions.FindAsync(Records.Id(1), default);
            await server.ExecuteAsync("ALTER TABLE symbolon.sessions ALTER COLUMN retries TYPE bigint", new NpgsqlConnectionStringBuilder(connectionString).Database!);
            Assert.Null((await sessions.FindAsync(Records.Id(1), default)).Session);
        }

        await server.DropDatabaseAsync(connectionString);
    }
}
