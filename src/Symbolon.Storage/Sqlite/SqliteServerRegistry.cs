using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>The servers that use the file.</summary>
internal sealed class SqliteServerRegistry(SqliteDatabase database) : IServerRegistry
{
    private static readonly Sql Beat = new("INSERT INTO servers (name, beats) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET beats = beats + 1");
    private static readonly Sql Promise = new("UPDATE system SET longest_promise = ?1 WHERE longest_promise < ?1");
    private static readonly Sql Stop = new("UPDATE servers SET beats = 0, question = 0, answer = NULL WHERE name = ?");
    private static readonly Sql Drop = new("DELETE FROM servers WHERE name = ? AND beats = ?");

    // Only the answers that are wanted are read.
    private static readonly Sql All = new("""
        SELECT y.longest_promise, q.number, q.timeline, q.seq, s.name, s.beats, s.question, iif(s.question >= ?, s.answer, NULL)
        FROM system y LEFT JOIN receipt_question q LEFT JOIN servers s
        """);

    private static readonly Sql Ask = new("""
        INSERT INTO receipt_question (id, number, timeline, seq) VALUES (1, 1, ?1, ?2)
        ON CONFLICT (id) DO UPDATE SET number = number + 1, timeline = ?1, seq = iif(timeline = ?1, max(seq, ?2), ?2)
        RETURNING number
        """);

    private static readonly Sql Answer = new("UPDATE servers SET question = ?2, answer = ?3 WHERE name = ?1 AND beats > 0 AND question <= ?2");

    public async ValueTask BeatAsync(string server, TimeSpan promise, CancellationToken ct) => await database.WriteAsync(
        db =>
        {
            db.Use(Beat).Add(server).Run();
            return db.Use(Promise).Add((long)Math.Ceiling(promise.TotalMilliseconds)).Run();
        },
        ct);

    public async ValueTask StopAsync(string server, CancellationToken ct) => await database.WriteAsync(db => db.Use(Stop).Add(server).Run(), ct);

    public async ValueTask DropAsync(ServerBeats server, CancellationToken ct) => await database.WriteAsync(db => db.Use(Drop).Add(server.Server).Add(server.Beats).Run(), ct);

    public ValueTask<ServerFacts> ReadAsync(long? answersTo, CancellationToken ct)
    {
        var change = database.Servers.Change; // before the read: what comes meanwhile wakes
        var rows = database.Read(answersTo, static (db, answersTo) => db.Use(All).Add(answersTo).ToList(ServerRow.Read));
        return new(ServerRow.Facts(rows, change));
    }

    public async ValueTask<long> AskAsync(string timeline, long seq, CancellationToken ct)
    {
        var number = await database.WriteAsync(
            db =>
            {
                using var row = db.Use(Ask).Add(timeline).Add(seq);
                row.Step();
                return row.Int64();
            },
            ct);
        database.Servers.Changed();
        return number;
    }

    public async ValueTask AnswerAsync(string server, long question, string answer, CancellationToken ct)
    {
        if (await database.WriteAsync(db => db.Use(Answer).Add(server).Add(question).Add(answer).Run(), ct) > 0) database.Servers.Changed();
    }

    public ValueTask WaitAsync(long change, TimeSpan atMost, CancellationToken ct) => database.Servers.WaitAsync(change, atMost, ct);
}
