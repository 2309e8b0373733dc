using System.Runtime.CompilerServices;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage.Copy;

/// <summary>A SQLite file as an end of a copy.</summary>
internal sealed class SqliteEnd(StoreConnection db) : StoreEnd
{
    private const string Days = "SELECT DISTINCT at / 86400000 FROM events";
    private const string Settings = "PRAGMA synchronous=FULL; PRAGMA fullfsync=ON; PRAGMA cache_size=-65536";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Sql EventDays = new(Days), Timeline = new("SELECT timeline FROM system"), NewTimeline = new("UPDATE system SET timeline = ?");
    private static readonly Sql Servers = new("SELECT name, beats FROM servers WHERE beats > 0 ORDER BY name");
    private static readonly Sql SetSystem = new("UPDATE system SET era = ?1, ring_version = ?2, longest_promise = ?3, compacted = ?4");
    private static readonly Sql ForgetNumbers = new("DELETE FROM sqlite_sequence WHERE name IN ('revocations', 'events')");
    private static readonly Sql SetNumbers = new("INSERT INTO sqlite_sequence (name, seq) VALUES ('revocations', ?), ('events', ?)");

    private static readonly Sql GetSystem = new("""
        SELECT era, ring_version, longest_promise, compacted, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'revocations'), 0),
        coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0) FROM system
        """);

    private static readonly Dictionary<StoreTable, Sql> Selects = StoreTables.All.ToDictionary(
        table => table, table => table == StoreTables.System ? GetSystem : new Sql($"SELECT {table.ColumnList} FROM {table.Name} ORDER BY {table.Key}"));

    private static readonly Dictionary<StoreTable, Sql> Inserts = StoreTables.Plain.ToDictionary(
        table => table, table => new Sql($"INSERT INTO {table.Name} ({table.ColumnList}) VALUES ({string.Join(", ", table.Columns.Select(_ => "?"))})"));

    /// <summary>Opens a file to read it. It is not changed, and must have the schema of this program.</summary>
    /// <exception cref="StorageStartException">It cannot be copied.</exception>
    public static SqliteEnd OpenSource(string file)
    {
        if (!File.Exists(file)) throw new StorageStartException($"There is no file '{file}'.");
        var end = Open(file, "PRAGMA query_only=ON");
        try
        {
            SqliteSchema.RequireCurrent(end.Connection, file);
            return end;
        }
        catch
        {
            end.Connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file to write it; makes it where there is none.</summary>
    /// <exception cref="StorageStartException">It cannot be used.</exception>
    public static SqliteEnd OpenTarget(string file)
    {
        SqliteSchema.Prepare(file);
        return Open(file, Settings);
    }

    private StoreConnection Connection => db;

    public override Task BeginReadingAsync(CancellationToken ct) => Run("BEGIN");

    public override Task BeginWritingAsync(CancellationToken ct) => Run("BEGIN IMMEDIATE");

    public override Task CommitAsync(CancellationToken ct) => Run("COMMIT");

    public override async IAsyncEnumerable<object?[]> ReadAsync(StoreTable table, [EnumeratorCancellation] CancellationToken ct)
    {
        using var rows = db.Use(Selects[table]);
        while (rows.Step())
        {
            ct.ThrowIfCancellationRequested();
            yield return table.Read(rows);
        }
    }

    public override async Task WriteAsync(StoreTable table, IAsyncEnumerable<object?[]> rows, CancellationToken ct)
    {
        await foreach (var row in rows.WithCancellation(ct))
        {
            if (table == StoreTables.System) WriteSystem(row);
            else AddAll(db.Use(Inserts[table]), row).Run();
        }
    }

    public override Task<bool> HasRowsAsync(StoreTable table, CancellationToken ct) => Task.FromResult(db.Query($"SELECT EXISTS (SELECT 1 FROM {table.Name})") != 0);

    public override Task ClearAsync(CancellationToken ct)
    {
        foreach (var name in StoreTables.Plain.Select(table => table.Name).Concat(StoreTables.OfServers)) db.Execute($"DELETE FROM {name}");
        return Task.CompletedTask;
    }

    public override Task<string> TimelineAsync(CancellationToken ct) => Task.FromResult(db.Use(Timeline).ToList(static row => row.Text())[0]);

    public override Task SetTimelineAsync(string timeline, CancellationToken ct) => Task.FromResult(db.Use(NewTimeline).Add(timeline).Run());

    public override Task<IReadOnlyList<long>> EventDaysAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<long>>(db.Use(EventDays).ToList(static row => row.Int64()));

    public override Task<IReadOnlyList<ServerBeats>> ServersAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<ServerBeats>>(db.Use(Servers).ToList(static row => new ServerBeats(row.Text(), row.Int64())));

    public override ValueTask DisposeAsync()
    {
        db.Dispose(); // takes back what was not committed
        return default;
    }

    private static SqliteEnd Open(string file, string settings)
    {
        var db = new StoreConnection(file, create: false, Patience);
        db.Execute(settings);
        return new SqliteEnd(db);
    }

    // Inserting has moved the numbers to the highest that stands there; the highest that was ever given may be gone.
    private void WriteSystem(object?[] row)
    {
        AddAll(db.Use(SetSystem), row[..4]).Run();
        db.Use(ForgetNumbers).Run();
        AddAll(db.Use(SetNumbers), row[4..]).Run();
    }

    private static SqliteStatement AddAll(SqliteStatement statement, object?[] values)
    {
        foreach (var value in values) statement.AddValue(value);
        return statement;
    }

    private Task Run(string statement)
    {
        db.Execute(statement);
        return Task.CompletedTask;
    }
}
