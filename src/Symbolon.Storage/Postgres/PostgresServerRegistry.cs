using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>The servers that use the database.</summary>
internal sealed class PostgresServerRegistry(PostgresDatabase database, PostgresListener listener) : IServerRegistry
{
    private const string Beat = """
        WITH promised AS (UPDATE symbolon.system SET longest_promise = $2 WHERE id = 1 AND longest_promise < $2)
        INSERT INTO symbolon.servers AS s (name, beats) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET beats = s.beats + 1
        """;

    private const string Stop = "UPDATE symbolon.servers SET beats = 0, question = 0, answer = NULL WHERE name = $1";
    private const string Drop = "DELETE FROM symbolon.servers WHERE name = $1 AND beats = $2";

    // Only the answers that are wanted are read.
    private const string All = """
        SELECT y.longest_promise, q.number, q.timeline, q.seq, s.name, s.beats, s.question, CASE WHEN s.question >= $1 THEN s.answer END
        FROM symbolon.system y LEFT JOIN symbolon.receipt_question q ON q.id = 1 LEFT JOIN symbolon.servers s ON true WHERE y.id = 1
        """;

    private const string Ask = """
        INSERT INTO symbolon.receipt_question AS q (id, number, timeline, seq) VALUES (1, 1, $1, $2)
        ON CONFLICT (id) DO UPDATE SET number = q.number + 1, timeline = $1, seq = CASE WHEN q.timeline = $1 THEN greatest(q.seq, $2) ELSE $2 END
        RETURNING number
        """;

    private const string Answer = "UPDATE symbolon.servers SET question = $2, answer = $3 WHERE name = $1 AND beats > 0 AND question <= $2";

    public async ValueTask BeatAsync(string server, TimeSpan promise, CancellationToken ct) =>
        await database.WriteAsync(connection => connection.Command(Beat).Add(server).Add((long)Math.Ceiling(promise.TotalMilliseconds)).RunAsync(), ct);

    public async ValueTask StopAsync(string server, CancellationToken ct) => await database.WriteAsync(connection => connection.Command(Stop).Add(server).RunAsync(), ct);

    public async ValueTask DropAsync(ServerBeats server, CancellationToken ct) =>
        await database.WriteAsync(connection => connection.Command(Drop).Add(server.Server).Add(server.Beats).RunAsync(), ct);

    public async ValueTask<ServerFacts> ReadAsync(long? answersTo, CancellationToken ct)
    {
        var change = database.Servers.Change; // before the read: what comes meanwhile wakes
        var rows = await database.ReadAsync(connection => connection.Command(All).Add(answersTo).ListAsync(ServerRow.Read), ct);
        return ServerRow.Facts(rows, change);
    }

    public async ValueTask<long> AskAsync(string timeline, long seq, CancellationToken ct)
    {
        var number = (await database.WriteAsync(connection => connection.Command(Ask).Add(timeline).Add(seq).ListAsync(static row => row.Int64()), ct))[0];
        database.Said();
        return number;
    }

    public async ValueTask AnswerAsync(string server, long question, string answer, CancellationToken ct)
    {
        if (await database.WriteAsync(connection => connection.Command(Answer).Add(server).Add(question).Add(answer).RunAsync(), ct) > 0) database.Said();
    }

    public ValueTask WaitAsync(long change, TimeSpan atMost, CancellationToken ct) => database.Servers.WaitAsync(change, listener.Patience(atMost), ct);
}
