using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Lists of sessions: of a subject through its index, of everyone in the order of ids, which is the order of time.</summary>
internal static class SqliteSessionLists
{
    private const string Page = "(?3 IS NULL OR s.client_id = ?3) AND (?4 IS NULL OR s.sid < ?4) ORDER BY s.sid DESC LIMIT ?5";

    // ?1 now, ?2 subject, ?3 client, ?4 before, ?5 take; each text mentions all of them, so that they are added alike.
    // One text for each plan: a condition that NULL may switch off uses no index.
    private static readonly Sql
        LiveOfSubject = Select($"s.subject = ?2 AND {SqliteSessionRows.IsLive} AND {Page}"),
        AllOfSubject = Select($"s.subject = ?2 AND ?1 NOTNULL AND {Page}"),
        LiveOfAll = Select($"?2 IS NULL AND {SqliteSessionRows.IsLive} AND {Page}"),
        AllOfAll = Select($"?2 IS NULL AND ?1 NOTNULL AND {Page}"),
        LiveOfAllBefore = Select($"?2 IS NULL AND {SqliteSessionRows.IsLive} AND s.sid < ?4 AND {Page}"),
        AllOfAllBefore = Select($"?2 IS NULL AND ?1 NOTNULL AND s.sid < ?4 AND {Page}"),
        ScanAll = Scan("?1 IS NULL"),
        ScanAfter = Scan("s.sid > ?1");

    public static IReadOnlyList<Session> List(SqliteDatabase database, SessionQuery query, DateTimeOffset now) => database.Read((query, now), static (db, asked) =>
    {
        var (query, now) = asked;
        var statement = db.Use((query.Subject, query.Before, query.LiveOnly) switch
        {
            (not null, _, true) => LiveOfSubject,
            (not null, _, false) => AllOfSubject,
            (null, null, true) => LiveOfAll,
            (null, null, false) => AllOfAll,
            (null, not null, true) => LiveOfAllBefore,
            (null, not null, false) => AllOfAllBefore,
        });
        return statement.Add(now).Add(query.Subject?.Value).Add(query.ClientId).Add(query.Before).Add(query.Take).ToList(SessionRows.Read);
    });

    public static IReadOnlyList<SessionFacts> Scan(SqliteDatabase database, SessionId? after, int take) => database.Read((after, take, database.Now), static (db, asked) =>
        db.Use(asked.after is null ? ScanAll : ScanAfter).Add(asked.after).Add(asked.take).ToList(row =>
        {
            var (era, subject) = (row.Int32(), SessionRows.ReadSubject(row));
            return new SessionFacts(SessionRows.Read(row), subject, era, asked.Now);
        }));

    private static Sql Select(string where) => new($"SELECT {SessionRows.Columns} FROM sessions s WHERE {where}");

    // The era as a value and not as a table joined: the planner would sort all rows before it takes the first.
    private static Sql Scan(string where) => new($"""
        SELECT (SELECT era FROM system), {SessionRows.SubjectColumns}, {SessionRows.Columns}
        FROM sessions s LEFT JOIN subjects b ON b.sub = s.subject WHERE {where} ORDER BY s.sid LIMIT ?2
        """);
}
