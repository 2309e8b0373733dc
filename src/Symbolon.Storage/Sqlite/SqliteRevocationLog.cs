using Symbolon.Authority.Ports;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>The revocation log on SQLite. One writer commits in order, so a number that is visible has no smaller one still to come [I12].</summary>
internal sealed class SqliteRevocationLog(SqliteDatabase database) : IRevocationLog
{
    private static readonly Sql Head = new("SELECT timeline, (SELECT seq FROM sqlite_sequence WHERE name = 'revocations'), compacted FROM system");

    private static readonly Sql Since = new($"SELECT {LogRows.EntryColumns} FROM revocations WHERE seq > ? ORDER BY seq LIMIT ?");
    private static readonly Sql HasToken = new("SELECT 1 FROM revocations WHERE kind = 2 AND key = ?");
    private static readonly Sql OfSession = new($"SELECT count(*) FROM events WHERE session = ? AND kind NOT IN (2, 3) AND kind = {(int)EventKind.TokenRevoked} AND at > ?");
    private static readonly Sql NewTimeline = new("UPDATE system SET timeline = lower(hex(randomblob(16)))");
    private static readonly Sql Oldest = new("SELECT seq, until FROM revocations ORDER BY seq LIMIT ?");
    private static readonly Sql Drop = new("DELETE FROM revocations WHERE seq <= ?");
    private static readonly Sql Remember = new("UPDATE system SET compacted = ?");
    private static readonly Sql Begin = new("BEGIN"), Commit = new("COMMIT");

    public ValueTask<RevocationPage?> ReadAsync(long? since, int take, CancellationToken ct) =>
        new(database.Read((since, take, database.Now), static (db, asked) =>
        {
            db.Use(Begin).Run(); // both statements see one snapshot
            try
            {
                return ReadPage(db, asked.since, asked.take, asked.Now);
            }
            finally
            {
                db.Use(Commit).Run();
            }
        }));

    public ValueTask<bool> HasTokenAsync(string jti, CancellationToken ct) => new(database.Read(jti, static (db, jti) => Has(db, jti)));

    public ValueTask<TokenAppend> AppendTokenAsync(RevocationEntry entry, SessionEvent what, int most, CancellationToken ct) => database.WriteAsync(
        db =>
        {
            if (Has(db, entry.Key)) return TokenAppend.Known;
            if (what.Session is { } session && Count(db, session, entry.At - RevocationEntry.Life) >= most) return TokenAppend.TooMany;
            SqliteLogRows.Append(db, entry);
            SqliteLogRows.Append(db, what);
            return TokenAppend.Appended;
        },
        ct);

    public async ValueTask StartTimelineAsync(CancellationToken ct) => await database.WriteAsync(static db => db.Use(NewTimeline).Run(), ct);

    public ValueTask WaitAsync(long seq, TimeSpan atMost, CancellationToken ct) => database.Revoked.WaitAsync(seq, atMost, ct);

    public ValueTask<int> CompactAsync(int most, CancellationToken ct) => database.WriteAsync(
        db =>
        {
            var passed = db.Use(Oldest).Add(most).ToList(static row => (Seq: row.Int64(), Until: row.Instant())).TakeWhile(entry => entry.Until <= database.Now).ToList();
            if (passed.Count == 0) return 0;
            db.Use(Remember).Add(passed[^1].Seq).Run();
            return db.Use(Drop).Add(passed[^1].Seq).Run();
        },
        ct);

    private static bool Has(StoreConnection db, string jti)
    {
        using var row = db.Use(HasToken).Add(jti);
        return row.Step();
    }

    private static long Count(StoreConnection db, SessionId session, DateTimeOffset after)
    {
        using var row = db.Use(OfSession).Add(session).Add(after);
        row.Step();
        return row.Int64();
    }

    private static RevocationPage? ReadPage(StoreConnection db, long? since, int take, DateTimeOffset now)
    {
        string timeline;
        long newest, compacted;
        using (var head = db.Use(Head))
        {
            head.Step();
            (timeline, newest, compacted) = (head.Text(), head.Int64OrNull() ?? 0, head.Int64());
        }

        if (since < compacted || since > newest) return null;
        var from = since ?? compacted;
        var entries = db.Use(Since).Add(from).Add(take).ToList(static row => new LoggedRevocation(row.Int64(), LogRows.ReadEntry(row)));
        return new RevocationPage(timeline, since, entries.Count > 0 ? entries[^1].Seq : from, newest, now, entries);
    }
}
