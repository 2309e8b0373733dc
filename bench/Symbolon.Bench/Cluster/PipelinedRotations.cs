using Npgsql;
using Symbolon.Storage;

namespace Symbolon.Bench.Cluster;

/// <summary>The way that was not taken: a prepared statement for each rotation, all sent at once, in one transaction. docs/decisions/0028.</summary>
internal static class PipelinedRotations
{
    private const string Rotate = """
        WITH rotated AS (
            UPDATE symbolon.sessions s SET generation = $1, branch = $2, confirmed_at = $3, attempts = $4, superseded = $5, last_seen_at = $6, expires_at = $7
            WHERE s.sid = $8 AND s.generation = $9 AND s.branch = $10 AND s.ended_at IS NULL RETURNING s.sid, s.subject, s.generation)
        INSERT INTO symbolon.events (kind, at, session, subject, number) SELECT $11, $12, sid, subject, generation FROM rotated
        """;

    public static async Task<bool[]> CommitAsync(NpgsqlConnection connection, IReadOnlyList<Rotation> items)
    {
        var places = Enumerable.Range(0, items.Count).OrderBy(place => items[place].Read.Id).ToArray();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var place in places) batch.BatchCommands.Add(Command(items[place]));
        await batch.ExecuteNonQueryAsync();
        var answers = new bool[items.Count];
        for (var i = 0; i < places.Length; i++) answers[places[i]] = batch.BatchCommands[i].RecordsAffected == 1;
        return answers;
    }

    private static NpgsqlBatchCommand Command(Rotation one)
    {
        var (command, next) = (new NpgsqlBatchCommand(Rotate), one.Next);
        Add(command, next.Generation);
        Add(command, next.Branch);
        Add(command, next.ConfirmedAt.ToUnixTimeMilliseconds());
        Add(command, next.Attempts.ToBytes());
        Add(command, next.Superseded.ToBytes());
        Add(command, next.LastSeenAt.ToUnixTimeMilliseconds());
        Add(command, next.ExpiresAt.ToUnixTimeMilliseconds());
        Add(command, one.Read.Id.Value);
        Add(command, one.Read.Generation);
        Add(command, one.Read.Branch);
        Add(command, (int)one.Event.Kind);
        Add(command, one.Event.At.ToUnixTimeMilliseconds());
        return command;
    }

    private static void Add<T>(NpgsqlBatchCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
