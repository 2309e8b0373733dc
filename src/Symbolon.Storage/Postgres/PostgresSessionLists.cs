using System.Globalization;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Lists of sessions: of a subject through its index, of everyone in the order of ids, which is the order of time.</summary>
internal static class PostgresSessionLists
{
    /// <summary>Whether a session counts as live at the instant <c>$1</c>, which where it is null is now: not ended, not expired, not below its epoch or the era.</summary>
    public const string IsLive = """
        s.ended_at IS NULL AND s.expires_at > (SELECT coalesce($1::bigint, symbolon.now_ms())) AND s.ends_at > (SELECT coalesce($1::bigint, symbolon.now_ms()))
        AND s.era >= (SELECT era FROM symbolon.system WHERE id = 1) AND EXISTS (SELECT 1 FROM symbolon.subjects b WHERE b.sub = s.subject AND s.epoch >= b.epoch)
        """;

    private const string ScanAll = $"""
        SELECT (SELECT era FROM symbolon.system WHERE id = 1), (SELECT symbolon.now_ms()), {SessionRows.SubjectColumns}, {SessionRows.Columns}
        FROM symbolon.sessions s LEFT JOIN symbolon.subjects b ON b.sub = s.subject WHERE s.sid > $1 ORDER BY s.sid LIMIT $2
        """;

    /// <summary>Lists what is asked for, live at an instant, or where that is null, now.</summary>
    public static async ValueTask<IReadOnlyList<Session>> ListAsync(PostgresDatabase database, SessionQuery query, DateTimeOffset? now, CancellationToken ct)
    {
        var sql = Text(query);
        return await database.ReadAsync(
            connection => connection.Command(sql).Add(now).Add(query.Subject?.Value).Add(query.ClientId).Add(query.Before).Add(query.Take).ListAsync(SessionRows.Read),
            ct);
    }

    /// <summary>A page of all rows in order of id.</summary>
    public static async ValueTask<IReadOnlyList<SessionFacts>> ScanAsync(PostgresDatabase database, SessionId? after, int take, CancellationToken ct) =>
        await database.ReadAsync(connection => connection.Command(ScanAll).Add(after?.Value ?? Guid.Empty).Add(take).ListAsync(PostgresSessionFinds.ReadFacts), ct);

    // A text for each combination: a condition that NULL may switch off uses no index. What is switched off still names its parameter.
    private static string Text(SessionQuery query) => string.Create(CultureInfo.InvariantCulture, $"""
        SELECT {SessionRows.Columns} FROM symbolon.sessions s
        WHERE {(query.LiveOnly ? IsLive : "$1::bigint IS NULL")} AND {(query.Subject is null ? "$2::text IS NULL" : "s.subject = $2")}
        AND {(query.ClientId is null ? "$3::text IS NULL" : "s.client_id = $3")} AND {(query.Before is null ? "$4::uuid IS NULL" : "s.sid < $4")}
        ORDER BY s.sid DESC LIMIT $5
        """);
}
