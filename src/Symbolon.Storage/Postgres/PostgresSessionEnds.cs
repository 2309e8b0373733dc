using Npgsql;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Ends sessions in one statement, each where it is not ended: rows in the order of ids, then their entries in the revocation log, then their events.</summary>
internal static class PostgresSessionEnds
{
    // The inner sort reads all that was ended before the first entry is appended: the log's head is locked last.
    private const string End = """
        WITH ended AS (
            UPDATE symbolon.sessions s SET ended_at = a.at, end_reason = a.reason, ended_by = a.by
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS a (place, sid, at, reason, by, number, until, if_generation, if_branch)
            WHERE s.sid = a.sid AND s.ended_at IS NULL AND (a.if_generation IS NULL OR (s.generation = a.if_generation AND s.branch = a.if_branch))
            RETURNING a.place, a.sid, a.at, a.reason, a.by, a.number, a.until, s.subject),
        logged AS (
            INSERT INTO symbolon.events (kind, at, session, subject, number, reason, by) SELECT 5, at, sid, subject, number, reason, by FROM ended)
        SELECT count(*), max(seq) FROM (
            SELECT CASE WHEN until IS NOT NULL THEN symbolon.revoke(1, sid::text, 0, at, until, reason) END AS seq
            FROM (SELECT * FROM ended ORDER BY place OFFSET 0) o) r
        """;

    /// <summary>Ends them; answers how many, and the newest number of the revocation log that came of it.</summary>
    /// <param name="connection">The connection; of the open transaction, if there is one.</param>
    /// <param name="ends">What to end.</param>
    /// <param name="read">Only where a row is still at this one's generation and branch; null for wherever it is.</param>
    public static async Task<(int Ended, long? Seq)> EndAsync(NpgsqlConnection connection, IEnumerable<SessionEnd> ends, Session? read = null)
    {
        var sorted = ends.OrderBy(end => end.Session.Id).ToList();
        T[] Column<T>(Func<SessionEnd, T> of) => [.. sorted.Select(of)];
        return (await connection.Command(End)
            .Add([.. Enumerable.Range(0, sorted.Count)])
            .Add(Column(end => end.Session.Id.Value)).Add(Column(end => end.Session.Ending!.At.ToUnixTimeMilliseconds()))
            .Add(sorted.Select(end => end.Session.Ending!.Reason.Code())).Add(sorted.Select(end => end.Session.Ending!.By))
            .Add(Column(end => end.Event.Number)).Add(Column(end => end.Entry?.Until.ToUnixTimeMilliseconds()))
            .Add(Column(_ => (long?)read?.Generation)).Add(Column(_ => read?.Branch))
            .ListAsync(static row => (row.Int32(), row.Int64OrNull())))[0];
    }
}
