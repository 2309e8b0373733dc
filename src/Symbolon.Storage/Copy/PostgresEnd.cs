using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage.Copy;

/// <summary>A PostgreSQL database as an end of a copy, on one connection.</summary>
internal sealed class PostgresEnd(NpgsqlDataSource source, NpgsqlConnection connection) : StoreEnd
{
    // What is older, or lies beyond any calendar, stands in the default partition.
    private const int MostDays = 400;
    private const long LastDay = 2_900_000;

    // A copy takes as long as it takes, and reads whole tables; only for somebody else's lock it waits no longer than this.
    private const string Settings = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '10s'; SET enable_seqscan = on";

    private const string Timeline = "SELECT timeline FROM symbolon.revocation_head WHERE id = 1";
    private const string NewTimeline = "UPDATE symbolon.revocation_head SET timeline = $1 WHERE id = 1";
    private const string Servers = "SELECT name, beats FROM symbolon.servers WHERE beats > 0 ORDER BY name";
    private const string Days = "SELECT DISTINCT at / 86400000 FROM symbolon.events";
    private const string SetSystem = "UPDATE symbolon.system SET era = $1, ring_version = $2, longest_promise = $3 WHERE id = 1";
    private const string SetHead = "UPDATE symbolon.revocation_head SET compacted = $1, seq = $2 WHERE id = 1";
    private const string LastFingerprint = "SELECT coalesce(max(id), 0)::bigint FROM symbolon.fingerprints";

    private const string GetSystem = """
        SELECT y.era, y.ring_version, y.longest_promise, h.compacted, h.seq, (SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM symbolon.events_id_seq)
        FROM symbolon.system y JOIN symbolon.revocation_head h ON h.id = y.id
        """;

    private static readonly string Everything = string.Join(", ", StoreTables.Plain.Select(table => table.Name).Concat(StoreTables.OfServers).Select(name => $"symbolon.{name}"));

    private NpgsqlTransaction? transaction;

    /// <summary>Opens a database to read it. It is not changed, and must have the schema of this program.</summary>
    /// <exception cref="StorageStartException">It cannot be copied.</exception>
    public static Task<PostgresEnd> OpenSourceAsync(string connectionString, CancellationToken ct) => OpenAsync(connectionString, isTarget: false, ct);

    /// <summary>Opens a database to write it; makes the schema where there is none.</summary>
    /// <exception cref="StorageStartException">It cannot be used.</exception>
    public static Task<PostgresEnd> OpenTargetAsync(string connectionString, CancellationToken ct) => OpenAsync(connectionString, isTarget: true, ct);

    public override async Task BeginReadingAsync(CancellationToken ct)
    {
        transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        await connection.Command("SET TRANSACTION READ ONLY").RunAsync();
    }

    public override async Task BeginWritingAsync(CancellationToken ct)
    {
        transaction = await connection.BeginTransactionAsync(ct);
        await connection.Command($"LOCK TABLE {Everything}, symbolon.system, symbolon.revocation_head IN ACCESS EXCLUSIVE MODE").RunAsync();
    }

    public override async Task CommitAsync(CancellationToken ct)
    {
        await transaction!.CommitAsync(ct);
        await transaction.DisposeAsync();
        transaction = null;
    }

    public override async IAsyncEnumerable<object?[]> ReadAsync(StoreTable table, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = connection.Command(table == StoreTables.System ? GetSystem : $"SELECT {table.ColumnList} FROM symbolon.{table.Name} ORDER BY {table.Key}");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var row = new PostgresRow(reader);
        while (await row.NextAsync())
        {
            ct.ThrowIfCancellationRequested();
            yield return table.Read(row);
        }
    }

    public override async Task WriteAsync(StoreTable table, IAsyncEnumerable<object?[]> rows, CancellationToken ct)
    {
        if (table == StoreTables.System)
        {
            await foreach (var row in rows.WithCancellation(ct)) await WriteSystemAsync([.. row.Cast<long>()]);
            return;
        }

        // Values of identity columns are taken as they are. What was not completed has not been written.
        await using var copy = await connection.BeginBinaryImportAsync($"COPY symbolon.{table.Name} ({table.ColumnList}) FROM STDIN (FORMAT BINARY)", ct);
        copy.Timeout = Timeout.InfiniteTimeSpan;
        await foreach (var row in rows.WithCancellation(ct))
        {
            await copy.StartRowAsync(ct);
            for (var i = 0; i < row.Length; i++) await WriteAsync(copy, table.Columns[i].Kind, row[i], ct);
        }

        await copy.CompleteAsync(ct);
    }

    public override Task<bool> HasRowsAsync(StoreTable table, CancellationToken ct) => connection.Command($"SELECT 1 FROM symbolon.{table.Name} LIMIT 1").AnyAsync();

    public override Task ClearAsync(CancellationToken ct) => connection.Command($"TRUNCATE {Everything}").RunAsync();

    public override async Task<string> TimelineAsync(CancellationToken ct) => (await connection.Command(Timeline).ListAsync(static row => row.Text()))[0];

    public override Task SetTimelineAsync(string timeline, CancellationToken ct) => connection.Command(NewTimeline).Add(timeline).RunAsync();

    public override async Task<IReadOnlyList<long>> EventDaysAsync(CancellationToken ct) => await connection.Command(Days).ListAsync(static row => row.Int64());

    public override Task PrepareEventDaysAsync(IReadOnlyList<long> days, CancellationToken ct) =>
        PostgresEventPartitions.MakeAsync(connection, days.Where(day => day is >= 0 and < LastDay).OrderDescending().Take(MostDays).Select(day => DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(day))));

    public override async Task<IReadOnlyList<ServerBeats>> ServersAsync(CancellationToken ct) =>
        await connection.Command(Servers).ListAsync(static row => new ServerBeats(row.Text(), row.Int64()));

    public override async ValueTask DisposeAsync()
    {
        if (transaction is not null) await transaction.DisposeAsync(); // takes back what was not committed
        await connection.DisposeAsync();
        await source.DisposeAsync();
    }

    private static async Task<PostgresEnd> OpenAsync(string connectionString, bool isTarget, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(new PostgresOptions { ConnectionString = connectionString }.Complete()) { CommandTimeout = 0, MaxAutoPrepare = 0, MaxPoolSize = 2 };
        var source = new NpgsqlDataSourceBuilder(settings.ToString()).Build();
        try
        {
            if (isTarget) await PostgresSchema.PrepareAsync(source, PostgresSchema.Migrations, ct);
            var connection = await source.OpenConnectionAsync(ct);
            await PostgresSchema.RequireCurrentAsync(connection, ct);
            await connection.Command(Settings).RunAsync();
            return new PostgresEnd(source, connection);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, ColumnKind kind, object? value, CancellationToken ct) => value is null ? copy.WriteNullAsync(ct) : kind switch
    {
        ColumnKind.Smallint => copy.WriteAsync(checked((short)(long)value), NpgsqlDbType.Smallint, ct),
        ColumnKind.Integer => copy.WriteAsync(checked((int)(long)value), NpgsqlDbType.Integer, ct),
        ColumnKind.Bigint => copy.WriteAsync((long)value, NpgsqlDbType.Bigint, ct),
        ColumnKind.Boolean => copy.WriteAsync((long)value != 0, NpgsqlDbType.Boolean, ct),
        ColumnKind.Text => copy.WriteAsync(PostgresText.Write((string)value), NpgsqlDbType.Text, ct),
        ColumnKind.Bytea => copy.WriteAsync((byte[])value, NpgsqlDbType.Bytea, ct),
        _ => copy.WriteAsync(new Guid((byte[])value, bigEndian: true), NpgsqlDbType.Uuid, ct),
    };

    // Identities do not follow what was copied; RESTART belongs to the transaction, as setval does not.
    private async Task WriteSystemAsync(long[] row)
    {
        await connection.Command(SetSystem).Add(checked((int)row[0])).Add(checked((int)row[1])).Add(row[2]).RunAsync();
        await connection.Command(SetHead).Add(row[3]).Add(row[4]).RunAsync();
        await connection.Command($"ALTER TABLE symbolon.events ALTER COLUMN id RESTART WITH {row[5] + 1}").RunAsync();
        var fingerprints = (await connection.Command(LastFingerprint).ListAsync(static last => last.Int64()))[0];
        await connection.Command($"ALTER TABLE symbolon.fingerprints ALTER COLUMN id RESTART WITH {fingerprints + 1}").RunAsync();
    }
}
