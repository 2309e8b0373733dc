using Npgsql;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Commits rotations, many in one transaction: each row where it is still as it was read, and its event.</summary>
/// <remarks>
/// Batches of several servers lock several rows: all in the order of ids, so that two of them do not wait for each other; where the planner
/// reads in another order, the database finds the deadlock and one batch is done again. Of two rotations of one session in a batch one wins.
/// Done twice, after a connection that broke, it finds the row moved on: the caller loads again and sees its own token confirmed.
/// </remarks>
internal sealed class PostgresRotations(PostgresDatabase database) : PostgresBatches<Rotation, bool>(database, "rotations", parallel: 2)
{
    private const string Rotate = """
        WITH rotated AS (
            UPDATE symbolon.sessions s SET generation = a.generation, branch = a.branch, confirmed_at = a.confirmed_at, attempts = a.attempts,
                superseded = a.superseded, last_seen_at = a.last_seen_at, expires_at = a.expires_at
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                AS a (place, sid, was_generation, was_branch, generation, branch, confirmed_at, attempts, superseded, last_seen_at, expires_at, kind, at)
            WHERE s.sid = a.sid AND s.generation = a.was_generation AND s.branch = a.was_branch AND s.ended_at IS NULL
            RETURNING a.place, s.sid, s.subject, a.generation, a.kind, a.at),
        logged AS (
            INSERT INTO symbolon.events (kind, at, session, subject, number) SELECT kind, at, sid, subject, generation FROM rotated)
        SELECT place FROM rotated
        """;

    protected override Task<bool[]> ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<Rotation> items) => CommitAsync(connection, items);

    /// <summary>Commits them in one round trip; answers which were, in the order of the items.</summary>
    public static async Task<bool[]> CommitAsync(NpgsqlConnection connection, IReadOnlyList<Rotation> items)
    {
        var places = Enumerable.Range(0, items.Count).OrderBy(place => items[place].Read.Id).ToArray();
        T[] Column<T>(Func<Rotation, T> of) => Array.ConvertAll(places, place => of(items[place]));
        var rotated = await connection.Command(Rotate)
            .Add(places)
            .Add(Column(one => one.Read.Id.Value)).Add(Column(one => one.Read.Generation)).Add(Column(one => one.Read.Branch))
            .Add(Column(one => one.Next.Generation)).Add(Column(one => one.Next.Branch)).Add(Column(one => one.Next.ConfirmedAt.ToUnixTimeMilliseconds()))
            .Add(Column(one => one.Next.Attempts.ToBytes())).Add(Column(one => one.Next.Superseded.ToBytes()))
            .Add(Column(one => one.Next.LastSeenAt.ToUnixTimeMilliseconds())).Add(Column(one => one.Next.ExpiresAt.ToUnixTimeMilliseconds()))
            .Add(Column(one => (int)one.Event.Kind)).Add(Column(one => one.Event.At.ToUnixTimeMilliseconds()))
            .ListAsync(static row => row.Int32());
        var answers = new bool[items.Count];
        foreach (var place in rotated) answers[place] = true;
        return answers;
    }
}

/// <summary>A rotation to commit.</summary>
/// <param name="Read">The row as it was read.</param>
/// <param name="Next">As it is to be.</param>
/// <param name="Event">What the log keeps.</param>
internal sealed record Rotation(Session Read, Session Next, SessionEvent Event);
