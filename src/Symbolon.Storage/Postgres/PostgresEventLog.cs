using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>The event log on PostgreSQL.</summary>
internal sealed class PostgresEventLog(PostgresDatabase database, PostgresEventPartitions partitions) : IEventLog
{
    private const string OfAll = $"SELECT {LogRows.EventColumns} FROM symbolon.events WHERE id < $1 ORDER BY id DESC LIMIT $2";

    private const string OfSession = $"""
        SELECT {LogRows.EventColumns} FROM symbolon.events WHERE session = $3 AND session IS NOT NULL AND id < $1 AND ($4::text IS NULL OR subject = $4) ORDER BY id DESC LIMIT $2
        """;

    // Refreshes (2) and retries (3) stand in the index of sessions alone: of each of the subject's, the newest.
    private const string OfSubject = $"""
        SELECT {LogRows.EventColumns} FROM (
            SELECT * FROM symbolon.events WHERE subject = $3 AND kind NOT IN (2, 3) AND id < $1
            UNION ALL
            SELECT r.* FROM (
                SELECT sid FROM symbolon.sessions WHERE subject = $3
                UNION SELECT session FROM symbolon.events WHERE subject = $3 AND kind NOT IN (2, 3) AND session IS NOT NULL) o
            CROSS JOIN LATERAL (
                SELECT * FROM symbolon.events WHERE session = o.sid AND session IS NOT NULL AND kind IN (2, 3) AND subject = $3 AND id < $1 ORDER BY id DESC LIMIT $2) r) e
        ORDER BY id DESC LIMIT $2
        """;

    public async ValueTask AppendAsync(Sessions.SessionEvent what, CancellationToken ct) =>
        await database.WriteAsync(connection => connection.Command(PostgresLogRows.InsertEvents).AddEvents(what).RunAsync(), ct);

    public async ValueTask<IReadOnlyList<LoggedEvent>> ListAsync(EventQuery query, CancellationToken ct) => await database.ReadAsync(
        connection =>
        {
            var command = connection.Command(query.Session is not null ? OfSession : query.Subject is not null ? OfSubject : OfAll)
                .Add(query.Before ?? long.MaxValue).Add(query.Take);
            if (query.Session is { } session) command.Add(session);
            if (query.Session is not null || query.Subject is not null) command.Add(query.Subject?.Value);
            return command.ListAsync(static row => new LoggedEvent(row.Int64(), LogRows.ReadEvent(row)));
        },
        ct);

    public ValueTask<int> PurgeAsync(TimeSpan olderThan, int most, CancellationToken ct) => partitions.PurgeAsync(olderThan, most, ct);
}
