using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Storage;

namespace Symbolon.StoreContract;

/// <summary>A new database on the test's own PostgreSQL. Its clock is the test's: the function that tells the time reads a row that is turned along.</summary>
internal sealed class PostgresStores : Stores
{
    private const string OwnClock = """
        CREATE TABLE symbolon.test_clock (ms bigint NOT NULL);
        INSERT INTO symbolon.test_clock VALUES (0);
        CREATE OR REPLACE FUNCTION symbolon.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT ms FROM symbolon.test_clock $$;
        """;

    // Making and dropping a database takes longer than a test: one that is free is emptied and used again.
    private const string Empty = """
        DO $$ DECLARE day text; BEGIN
            FOR day IN SELECT relname FROM pg_class WHERE relname ~ '^events_on_[0-9]+$' LOOP EXECUTE format('DROP TABLE symbolon.%I', day); END LOOP;
        END $$;
        DELETE FROM symbolon.sessions; DELETE FROM symbolon.subjects; DELETE FROM symbolon.attempts; DELETE FROM symbolon.revocations; DELETE FROM symbolon.events;
        DELETE FROM symbolon.keys; DELETE FROM symbolon.fingerprints; DELETE FROM symbolon.users; DELETE FROM symbolon.servers; DELETE FROM symbolon.receipt_question;
        SELECT setval(pg_get_serial_sequence('symbolon.events', 'id'), 1, false), setval(pg_get_serial_sequence('symbolon.fingerprints', 'id'), 1, false);
        UPDATE symbolon.system SET era = 0, ring_version = 0, longest_promise = 0;
        UPDATE symbolon.revocation_head SET seq = 0, compacted = 0;
        """;

    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);
    private static readonly ConcurrentBag<string> Free = [];

    private readonly NpgsqlConnection clock;

    public PostgresStores(Action<PostgresOptions>? configure = null)
    {
        ConnectionString = Free.TryTake(out var free) ? free : CreateAsync().GetAwaiter().GetResult();
        Database = Open(ConnectionString, Time, configure);
        clock = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        clock.Open();
        Time.Turned = SetClock;
        SetClock();
        Listener = new PostgresListener(Database, Time, NullLogger.Instance);
    }

    public string ConnectionString { get; }

    public PostgresDatabase Database { get; }

    public PostgresListener Listener { get; }

    public override ISessionStore Sessions => field ??= new PostgresSessionStore(Database);

    public override ISubjectStore Subjects => new PostgresSubjectStore(Database);

    public override IRevocationLog Revocations => new PostgresRevocationLog(Database, Listener);

    public override IKeyStore Keys => new PostgresKeyStore(Database);

    public override IEventLog Events => field ??= new PostgresEventLog(Database, new PostgresEventPartitions(Database, Time, NullLogger.Instance));

    public override IServerRegistry Servers => new PostgresServerRegistry(Database, Listener);

    public override IUserStore<SymbolonUser> Users => field ??= new PostgresUserStore(Database);

    /// <summary>A new database with the schema and the test's clock.</summary>
    public static async Task<string> CreateAsync() => await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(await Template.Value);

    /// <summary>Opens a database as a server does.</summary>
    public static PostgresDatabase Open(string connectionString, TimeProvider time, Action<PostgresOptions>? configure = null)
    {
        var options = new PostgresOptions { ConnectionString = connectionString };
        configure?.Invoke(options);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var database = new PostgresDatabase(options, time, new PostgresMetrics(meters), NullLogger.Instance);
        database.OpenAsync(default).GetAwaiter().GetResult();
        return database;
    }

    public override void Dispose()
    {
        Listener.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Database.DisposeAsync().AsTask().GetAwaiter().GetResult();
        using (var empty = new NpgsqlCommand(Empty, clock)) empty.ExecuteNonQuery();
        clock.Dispose();
        Free.Add(ConnectionString);
    }

    private void SetClock()
    {
        using var set = new NpgsqlCommand("UPDATE symbolon.test_clock SET ms = $1", clock) { Parameters = { new() { Value = Time.GetUtcNow().ToUnixTimeMilliseconds() } } };
        set.ExecuteNonQuery();
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var connectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using (Open($"{connectionString};Pooling=false", TimeProvider.System)) { }
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        await using var replace = new NpgsqlCommand(OwnClock, connection);
        await replace.ExecuteNonQueryAsync();
        return connectionString;
    }
}
