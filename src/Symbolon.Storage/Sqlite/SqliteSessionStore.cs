using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Sessions on SQLite.</summary>
internal sealed class SqliteSessionStore(SqliteDatabase database) : ISessionStore
{
    private static readonly Sql Find = new($"""
        SELECT y.era, {SessionRows.SubjectColumns}, {SessionRows.Columns} FROM system y
        LEFT JOIN sessions s ON s.sid = ? LEFT JOIN subjects b ON b.sub = s.subject
        """);

    private static readonly Sql Rotate = new("""
        UPDATE sessions SET generation = ?, branch = ?, confirmed_at = ?, attempts = ?, superseded = ?, last_seen_at = ?, expires_at = ?
        WHERE sid = ? AND generation = ? AND branch = ? AND ended_at IS NULL
        """);

    private static readonly Sql Attempts = new("SELECT attempts FROM sessions WHERE sid = ? AND generation = ? AND branch = ? AND ended_at IS NULL");
    private static readonly Sql Retry = new("UPDATE sessions SET retries = retries + 1, attempts = ? WHERE sid = ?");
    private static readonly Sql LiveIds = new($"SELECT s.sid FROM sessions s WHERE s.subject = ?2 AND {SqliteSessionRows.IsLive}");
    private static readonly Sql AddSubject = new("INSERT OR IGNORE INTO subjects (sub, epoch, claims_version) VALUES (?, 0, 0)");
    private static readonly Sql EndSession = new("UPDATE sessions SET ended_at = ?, end_reason = ?, ended_by = ? WHERE sid = ? AND ended_at IS NULL");
    private static readonly Sql Rename = new("UPDATE sessions SET device_name = ? WHERE sid = ? AND ended_at IS NULL");
    private static readonly Sql Restamp = new("UPDATE sessions SET stamp = ? WHERE subject = ? AND stamp = ? AND ended_at IS NULL");
    private static readonly Sql Forget = new("UPDATE sessions SET device_id = '', device_name = NULL, device_type = NULL, ip = NULL, user_agent = NULL WHERE subject = ?");
    private static readonly Sql Delete = new("DELETE FROM sessions WHERE sid = ?");

    public ValueTask<SessionFacts> FindAsync(SessionId id, CancellationToken ct) => new(database.Read((id, database), static (db, asked) =>
    {
        using var row = db.Use(Find).Add(asked.id);
        row.Step();
        var era = row.Int32();
        var subject = SessionRows.ReadSubject(row);
        var session = row.IsNull() ? null : SessionRows.Read(row);
        return new SessionFacts(session, subject, era, asked.database.Now);
    }));

    public ValueTask<bool> TryStartAsync(SessionStart start, IReadOnlyCollection<SessionId> live, CancellationToken ct) => database.WriteAsync(db =>
    {
        var still = db.Use(LiveIds).Add(start.Event.At).Add(start.Session.Subject).ToList(static row => row.Sid());
        if (!still.ToHashSet().SetEquals(live)) return false;
        foreach (var end in start.Ends) End(db, end);
        db.Use(AddSubject).Add(start.Session.Subject).Run();
        SqliteSessionRows.Insert(db, start.Session);
        SqliteLogRows.Append(db, start.Event);
        return true;
    }, ct);

    public ValueTask<bool> TryRotateAsync(Session read, Session next, SessionEvent rotation, CancellationToken ct) => database.WriteAsync(db =>
    {
        var rotated = db.Use(Rotate)
            .Add(next.Generation).Add(next.Branch).Add(next.ConfirmedAt).Add(next.Attempts.ToBytes()).Add(next.Superseded.ToBytes()).Add(next.LastSeenAt).Add(next.ExpiresAt)
            .Add(read.Id).Add(read.Generation).Add(read.Branch)
            .Run() == 1;
        if (rotated) SqliteLogRows.Append(db, rotation);
        return rotated;
    }, ct);

    public ValueTask<bool> TryRetryAsync(Session read, Bytes16? attempt, SessionEvent retry, CancellationToken ct) => database.WriteAsync(db =>
    {
        if (AttemptsOf(db, read) is not { } attempts) return false;
        db.Use(Retry).Add(attempts.With(attempt).ToBytes()).Add(read.Id).Run();
        SqliteLogRows.Append(db, retry);
        return true;
    }, ct);

    public ValueTask<int> EndAsync(IReadOnlyList<SessionEnd> ends, CancellationToken ct) => database.WriteAsync(db => ends.Count(end => End(db, end)), ct);

    public ValueTask<bool> TryExpireAsync(Session read, SessionEnd end, CancellationToken ct) =>
        database.WriteAsync(db => AttemptsOf(db, read) is not null && End(db, end), ct);

    public ValueTask<IReadOnlyList<Session>> LiveOfAsync(SubjectId subject, DateTimeOffset now, CancellationToken ct) =>
        new(SqliteSessionLists.List(database, new SessionQuery(subject, ClientId: null, LiveOnly: true, Before: null, Take: int.MaxValue), now));

    public ValueTask<IReadOnlyList<Session>> ListAsync(SessionQuery query, CancellationToken ct) => new(SqliteSessionLists.List(database, query, database.Now));

    public ValueTask<bool> RenameDeviceAsync(SessionId id, string? name, CancellationToken ct) =>
        database.WriteAsync(db => db.Use(Rename).Add(name).Add(id).Run() == 1, ct);

    public async ValueTask RestampAsync(SubjectId subject, Bytes16 from, Bytes16 to, CancellationToken ct) =>
        await database.WriteAsync(db => db.Use(Restamp).Add(to).Add(subject).Add(from).Run(), ct);

    public async ValueTask ForgetAsync(SubjectId subject, CancellationToken ct) =>
        await database.WriteAsync(db => db.Use(Forget).Add(subject).Run(), ct);

    public ValueTask<IReadOnlyList<SessionFacts>> ScanAsync(SessionId? after, int take, CancellationToken ct) => new(SqliteSessionLists.Scan(database, after, take));

    public async ValueTask PurgeAsync(IReadOnlyList<SessionId> ids, CancellationToken ct) =>
        await database.WriteAsync(db => ids.Sum(id => db.Use(Delete).Add(id).Run()), ct);

    private static bool End(StoreConnection db, SessionEnd end)
    {
        var ending = end.Session.Ending!;
        var ended = db.Use(EndSession).Add(ending.At).Add(ending.Reason.Code()).Add(ending.By).Add(end.Session.Id).Run() == 1;
        if (!ended) return false;
        SqliteLogRows.Append(db, end.Entry);
        SqliteLogRows.Append(db, end.Event);
        return true;
    }

    // Null when the row has moved on since it was read.
    private static AttemptHashes? AttemptsOf(StoreConnection db, Session read)
    {
        using var row = db.Use(Attempts).Add(read.Id).Add(read.Generation).Add(read.Branch);
        return row.Step() ? AttemptHashes.Read(row.Blob()) : null;
    }
}
