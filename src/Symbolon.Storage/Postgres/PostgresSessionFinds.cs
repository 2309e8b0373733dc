using Npgsql;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Finds sessions, each with its subject, the era and the database's clock, many in one statement: one snapshot of the primary.</summary>
internal sealed class PostgresSessionFinds(PostgresDatabase database) : PostgresBatches<SessionId, SessionFacts>(database, "finds", parallel: 2)
{
    private const string Find = $"""
        SELECT y.era, (SELECT symbolon.now_ms()), {SessionRows.SubjectColumns}, {SessionRows.Columns}
        FROM unnest($1) WITH ORDINALITY AS a (sid, place) JOIN symbolon.system y ON y.id = 1
        LEFT JOIN symbolon.sessions s ON s.sid = a.sid LEFT JOIN symbolon.subjects b ON b.sub = s.subject ORDER BY a.place
        """;

    protected override async Task<SessionFacts[]> ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<SessionId> items) =>
        [.. await connection.Command(Find).Add([.. items.Select(id => id.Value)]).ListAsync(ReadFacts)];

    /// <summary>Reads the era, the clock, the subject and the session.</summary>
    public static SessionFacts ReadFacts(PostgresRow row)
    {
        var (era, now, subject) = (row.Int32(), row.Instant(), SessionRows.ReadSubject(row));
        return new SessionFacts(row.IsNull() ? null : SessionRows.Read(row), subject, era, now);
    }
}
