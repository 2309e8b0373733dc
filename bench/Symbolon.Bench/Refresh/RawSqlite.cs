using System.Diagnostics;
using Symbolon.Sessions;
using Symbolon.Storage;

namespace Symbolon.Bench.Refresh;

/// <summary>SQLite alone: what a refresh writes, 16 in a transaction, over the same connection class with the same settings; no HTTP, no tokens, no reads.</summary>
internal sealed class RawSqlite : IDisposable
{
    private const int Batch = 16;

    private static readonly Sql Begin = new("BEGIN IMMEDIATE"), Commit = new("COMMIT");
    private static readonly Sql Rotate = new("""
        UPDATE sessions SET generation = generation + 1, branch = ?, confirmed_at = ?, attempts = ?, superseded = ?, last_seen_at = ?, expires_at = ?
        WHERE sid = ? AND ended_at IS NULL
        """);

    private readonly StoreConnection db;
    private readonly SqliteSeed seed;

    public RawSqlite(SqliteSeed seed)
    {
        this.seed = seed;
        db = new StoreConnection(seed.File, create: false, TimeSpan.FromSeconds(2));
        db.Execute("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY");
    }

    /// <summary>Durable updates per second.</summary>
    public double Run(TimeSpan time)
    {
        var (attempts, superseded) = (new byte[Bytes16.Size], new byte[20]); // one token was confirmed before
        var (count, watch) = (0, Stopwatch.StartNew());
        while (watch.Elapsed < time)
        {
            db.Use(Begin).Run();
            for (var i = 0; i < Batch; i++, count++) Refresh(DateTimeOffset.UtcNow, attempts, superseded);
            db.Use(Commit).Run();
        }

        return count / watch.Elapsed.TotalSeconds;
    }

    public void Dispose() => db.Dispose();

    private void Refresh(DateTimeOffset now, byte[] attempts, byte[] superseded)
    {
        var id = seed.Id(Random.Shared.Next(seed.Count));
        db.Use(Rotate).Add(Random.Shared.NextInt64()).Add(now).Add(attempts).Add(superseded).Add(now).Add(now.AddDays(14)).Add(id).Run();
        SqliteLogRows.Append(db, new SessionEvent(EventKind.SessionRefreshed, now, id, new SubjectId(Guid.Empty.ToString()), 1));
    }
}
