using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>The event log on SQLite.</summary>
internal sealed class SqliteEventLog(SqliteDatabase database) : IEventLog
{
    // Refreshes (2) and retries (3) stand in no index (Schema/0001). Those of a session are looked for between its first and its last event
    // of another kind; those of a subject from the newest back.
    private static readonly Sql OfAll = new($"SELECT {LogRows.EventColumns} FROM events WHERE id < ?1 ORDER BY id DESC LIMIT ?2");

    private static readonly Sql OfSubject = new($"""
        SELECT {LogRows.EventColumns} FROM events WHERE id < ?1 AND +subject = ?3 AND id >= coalesce(
        (SELECT min(id) FROM events WHERE subject = ?3 AND kind NOT IN (2, 3)), 0) ORDER BY id DESC LIMIT ?2
        """);

    private static readonly Sql OfSession = new($"""
        SELECT {LogRows.EventColumns} FROM events WHERE session = ?3 AND kind NOT IN (2, 3) AND id < ?1 AND (?4 IS NULL OR +subject = ?4)
        UNION ALL SELECT {LogRows.EventColumns} FROM events WHERE kind IN (2, 3) AND +session = ?3 AND id < ?1 AND (?4 IS NULL OR +subject = ?4)
        AND id > coalesce((SELECT min(id) FROM events WHERE session = ?3 AND kind = 1 AND kind NOT IN (2, 3)), 0)
        AND id < coalesce((SELECT max(id) FROM events WHERE session = ?3 AND kind = 5 AND kind NOT IN (2, 3)), 9223372036854775807)
        ORDER BY id DESC LIMIT ?2
        """);

    private static readonly Sql Purge = new("DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, at FROM events ORDER BY id LIMIT ?2) WHERE at < ?1)");

    public async ValueTask AppendAsync(Sessions.SessionEvent what, CancellationToken ct) =>
        await database.WriteAsync(
            db =>
            {
                SqliteLogRows.Append(db, what);
                return true;
            },
            ct);

    public ValueTask<IReadOnlyList<LoggedEvent>> ListAsync(EventQuery query, CancellationToken ct) => new(database.Read(query, static (db, query) =>
    {
        var statement = db.Use(query.Session is not null ? OfSession : query.Subject is not null ? OfSubject : OfAll)
            .Add(query.Before ?? long.MaxValue).Add(query.Take);
        if (query.Session is { } session) statement.Add(session);
        if (query.Session is not null || query.Subject is not null) statement.Add(query.Subject?.Value);
        return statement.ToList(static row => new LoggedEvent(row.Int64(), LogRows.ReadEvent(row)));
    }));

    // Looks only at the oldest rows, so that a purge that has nothing to do reads little.
    public ValueTask<int> PurgeAsync(TimeSpan olderThan, int most, CancellationToken ct) =>
        database.WriteAsync(db => db.Use(Purge).Add(database.Now - olderThan).Add(most).Run(), ct);
}
