using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Lists of sessions: of a subject through its index, of everyone in the order of ids, which is the order of time.</summary>
internal static class SessionLists
{
    private const string Page = "(?3 IS NULL OR s.client_id = ?3) AND (?4 IS NULL OR s.sid < ?4) ORDER BY s.sid DESC LIMIT ?5";

    // ?1 now, ?2 subject, ?3 client, ?4 before, ?5 take; each text mentions all of them, so that they are added alike.
    // One text for each plan: a condition that NULL may switch off uses no index.
    private static readonly Sql
        LiveOfSubject = Select($"s.subject = ?2 AND {SessionRows.IsLive} AND {Page}"),
        AllOfSubject = Select($"s.subject = ?2 AND ?1 NOTNULL AND {Page}"),
        LiveOfAll = Select($"?2 IS NULL AND {SessionRows.IsLive} AND {Page}"),
        AllOfAll = Select($"?2 IS NULL AND ?1 NOTNULL AND {Page}"),
        LiveOfAllBefore = Select($"?2 IS NULL AND {SessionRows.IsLive} AND s.sid < ?4 AND {Page}"),
        AllOfAllBefore = Select($"?2 IS NULL AND ?1 NOTNULL AND s.sid < ?4 AND {Page}"),
        ScanAll = Select("?1 IS NULL ORDER BY s.sid LIMIT ?2"),
        ScanAfter = Select("s.sid > ?1 ORDER BY s.sid LIMIT ?2");

    public static IReadOnlyList<Session> List(SqliteDatabase database, SessionQuery query) => database.Read((query, database.Now), static (db, asked) =>
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

    public static IReadOnlyList<Session> Scan(SqliteDatabase database, SessionId? after, int take) => database.Read((after, take), static (db, asked) =>
        db.Use(asked.after is null ? ScanAll : ScanAfter).Add(asked.after).Add(asked.take).ToList(SessionRows.Read));

    private static Sql Select(string where) => new($"SELECT {SessionRows.Columns} FROM sessions s WHERE {where}");
}
