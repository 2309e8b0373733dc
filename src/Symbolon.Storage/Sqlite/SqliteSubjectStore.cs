using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Subjects, the era and failure counters on SQLite.</summary>
internal sealed class SqliteSubjectStore(SqliteDatabase database) : ISubjectStore
{
    private static readonly Sql Find = new($"SELECT y.era, {SessionRows.SubjectColumns} FROM system y LEFT JOIN subjects b ON b.sub = ?");
    private static readonly Sql ListAll = new($"SELECT {SessionRows.SubjectColumns} FROM subjects b WHERE b.sub > ? AND b.deleted_at IS NULL ORDER BY b.sub LIMIT ?");
    private static readonly Sql Put = new("INSERT OR REPLACE INTO subjects (sub, epoch, epoch_reason, claims_version, disabled_at, deleted_at) VALUES (?, ?, ?, ?, ?, ?)");
    private static readonly Sql RaiseEra = new("UPDATE system SET era = ?1 WHERE era = ?1 - 1");
    private static readonly Sql FindCounter = new("SELECT count, since FROM attempts WHERE key = ?");
    private static readonly Sql PutCounter = new("INSERT OR REPLACE INTO attempts (key, count, since) VALUES (?, ?, ?)");
    private static readonly Sql DeleteCounter = new("DELETE FROM attempts WHERE key = ?");
    private static readonly Sql LowerCounter = new("UPDATE attempts SET count = count - 1 WHERE key = ? AND count > 0");
    private static readonly Sql PurgeCounters = new("DELETE FROM attempts WHERE key IN (SELECT key FROM attempts WHERE since <= ? LIMIT ?)");

    public ValueTask<SubjectFacts> FindAsync(SubjectId id, CancellationToken ct) => new(database.Read((id, database), static (db, asked) =>
    {
        var (subject, era) = Load(db, asked.id);
        return new SubjectFacts(subject, era, asked.database.Now);
    }));

    public ValueTask<IReadOnlyList<Subject>> ListAsync(SubjectId? after, int take, CancellationToken ct) =>
        new(database.Read((after, take), static (db, asked) =>
            db.Use(ListAll).Add(asked.after?.Value ?? "").Add(asked.take).ToList(static row => SessionRows.ReadSubject(row)!)));

    public ValueTask<bool> TryChangeAsync(Subject? read, SubjectChange change, CancellationToken ct) => database.WriteAsync(db =>
    {
        var next = change.Subject;
        if (Load(db, next.Id).Subject != read) return false;
        db.Use(Put).Add(next.Id).Add(next.Epoch).Add(next.EpochReason?.Code()).Add(next.ClaimsVersion).Add(next.DisabledAt).Add(next.DeletedAt).Run();
        SqliteLogRows.Append(db, change.Entry);
        foreach (var what in change.Events) SqliteLogRows.Append(db, what);
        return true;
    }, ct);

    public ValueTask<bool> TryRaiseEraAsync(EraChange change, CancellationToken ct) => database.WriteAsync(db =>
    {
        if (db.Use(RaiseEra).Add(change.Era).Run() == 0) return false;
        SqliteLogRows.Append(db, change.Entry);
        SqliteLogRows.Append(db, change.Event);
        return true;
    }, ct);

    public ValueTask<IReadOnlyList<AttemptCount>> CountAttemptAsync(IReadOnlyList<AttemptLimit> keys, TimeSpan window, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<AttemptCount>>(db =>
        {
            var (now, counts) = (database.Now, new List<AttemptCount>(keys.Count));
            foreach (var (key, limit) in keys)
            {
                counts.Add(CountAttempt(db, key, now, window));
                if (counts[^1].Count > limit) break;
            }

            return counts;
        }, ct);

    public async ValueTask ForgiveAttemptAsync(IReadOnlyList<Bytes16> keys, CancellationToken ct) => await database.WriteAsync(db =>
    {
        db.Use(DeleteCounter).Add(keys[0]).Run();
        return keys.Skip(1).Sum(key => db.Use(LowerCounter).Add(key).Run());
    }, ct);

    public async ValueTask PurgeAttemptsAsync(TimeSpan window, int most, CancellationToken ct) =>
        await database.WriteAsync(db => db.Use(PurgeCounters).Add(database.Now - window).Add(most).Run(), ct);

    private static (Subject? Subject, int Era) Load(StoreConnection db, SubjectId id)
    {
        using var row = db.Use(Find).Add(id);
        row.Step();
        var era = row.Int32();
        return (SessionRows.ReadSubject(row), era);
    }

    private static AttemptCount CountAttempt(StoreConnection db, Bytes16 key, DateTimeOffset now, TimeSpan window)
    {
        var (count, since) = (1, now);
        using (var row = db.Use(FindCounter).Add(key))
        {
            if (row.Step())
            {
                var (known, first) = (row.Int32(), row.Instant());
                if (now - first < window) (count, since) = (known + 1, first);
            }
        }

        db.Use(PutCounter).Add(key).Add(count).Add(since).Run();
        return new AttemptCount(count, since + window);
    }
}
