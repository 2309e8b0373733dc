using Npgsql;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Sessions on PostgreSQL.</summary>
internal sealed class PostgresSessionStore(PostgresDatabase database) : ISessionStore
{
    // Relative to the row: the first four attempts stay, each once. They are 16 bytes each.
    private const string Retry = """
        WITH retried AS (
            UPDATE symbolon.sessions SET retries = retries + 1, attempts = CASE
                WHEN $11::bytea IS NULL OR octet_length(attempts) >= 64 OR substring(attempts FROM 1 FOR 16) = $11
                OR substring(attempts FROM 17 FOR 16) = $11 OR substring(attempts FROM 33 FOR 16) = $11 THEN attempts ELSE attempts || $11 END
            WHERE sid = $8 AND generation = $9 AND branch = $10 AND ended_at IS NULL RETURNING 1),
        logged AS (
            INSERT INTO symbolon.events (kind, at, session, subject, number, reason, by)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) WHERE EXISTS (SELECT 1 FROM retried))
        SELECT 1 FROM retried
        """;

    private const string AddSubject = "INSERT INTO symbolon.subjects (sub, epoch, claims_version) VALUES ($1, 0, 0) ON CONFLICT (sub) DO NOTHING";
    private const string LockSubject = "SELECT 1 FROM symbolon.subjects WHERE sub = $1 FOR UPDATE";
    private const string LiveIds = $"SELECT s.sid FROM symbolon.sessions s WHERE s.subject = $2 AND {PostgresSessionLists.IsLive}";

    private const string Insert = """
        INSERT INTO symbolon.sessions (sid, subject, client_id, device_id, device_name, device_type, created_at, auth_time, acr, amr, scope, ip,
        user_agent, transport, remember, generation, branch, salt, confirmed_at, attempts, superseded, retries, last_seen_at,
        expires_at, ends_at, era, epoch, stamp, cnf) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
        $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)
        """;

    private const string Rename = "UPDATE symbolon.sessions SET device_name = $1 WHERE sid = $2 AND ended_at IS NULL";
    private const string Restamp = "UPDATE symbolon.sessions SET stamp = $1 WHERE subject = $2 AND stamp = $3 AND ended_at IS NULL";
    private const string Forget = "UPDATE symbolon.sessions SET device_id = '', device_name = NULL, device_type = NULL, ip = NULL, user_agent = NULL WHERE subject = $1";
    private const string Delete = "DELETE FROM symbolon.sessions WHERE sid = ANY ($1)";

    private readonly PostgresSessionFinds finds = new(database);
    private readonly PostgresRotations rotations = new(database);

    public ValueTask<SessionFacts> FindAsync(SessionId id, CancellationToken ct) => new(finds.RunAsync(id, ct));

    public async ValueTask<bool> TryStartAsync(SessionStart start, IReadOnlyCollection<SessionId> live, CancellationToken ct)
    {
        var (started, seq) = await database.TransactAsync(
            async (connection, transaction) =>
            {
                // Starts of one subject go one after another: each sees those before it.
                await connection.Command(AddSubject).Add(start.Session.Subject).RunAsync();
                await connection.Command(LockSubject).Add(start.Session.Subject).AnyAsync();
                var still = await connection.Command(LiveIds).Add(start.Event.At).Add(start.Session.Subject).ListAsync(static row => row.Sid());
                if (!still.ToHashSet().SetEquals(live)) return (false, null);
                await InsertAsync(connection, start.Session);
                var ended = start.Ends.IsEmpty ? default : await PostgresSessionEnds.EndAsync(connection, start.Ends);
                await connection.Command(PostgresLogRows.InsertEvents).AddEvents(start.Event).RunAsync();
                await transaction.CommitAsync(CancellationToken.None);
                return (true, ended.Seq);
            },
            ct);
        if (seq is { } appended) database.Appended(appended);
        return started;
    }

    public ValueTask<bool> TryRotateAsync(Session read, Session next, SessionEvent rotation, CancellationToken ct) => new(rotations.RunAsync(new Rotation(read, next, rotation), ct));

    public ValueTask<bool> TryRetryAsync(Session read, Bytes16? attempt, SessionEvent retry, CancellationToken ct) => database.WriteAsync(
        connection => connection.Command(Retry).AddEvents(retry).Add(read.Id).Add(read.Generation).Add(read.Branch).Add(attempt).AnyAsync(), ct);

    public ValueTask<int> EndAsync(IReadOnlyList<SessionEnd> ends, CancellationToken ct) => EndAsync(ends, read: null, ct);

    public async ValueTask<bool> TryExpireAsync(Session read, SessionEnd end, CancellationToken ct) => await EndAsync([end], read, ct) == 1;

    public ValueTask<IReadOnlyList<Session>> LiveOfAsync(SubjectId subject, DateTimeOffset now, CancellationToken ct) =>
        PostgresSessionLists.ListAsync(database, new SessionQuery(subject, ClientId: null, LiveOnly: true, Before: null, Take: int.MaxValue), now, ct);

    public ValueTask<IReadOnlyList<Session>> ListAsync(SessionQuery query, CancellationToken ct) => PostgresSessionLists.ListAsync(database, query, now: null, ct);

    public ValueTask<bool> RenameDeviceAsync(SessionId id, string? name, CancellationToken ct) =>
        database.WriteAsync(async connection => await connection.Command(Rename).Add(name).Add(id).RunAsync() == 1, ct);

    public async ValueTask RestampAsync(SubjectId subject, Bytes16 from, Bytes16 to, CancellationToken ct) =>
        await database.WriteAsync(connection => connection.Command(Restamp).Add(to).Add(subject).Add(from).RunAsync(), ct);

    public async ValueTask ForgetAsync(SubjectId subject, CancellationToken ct) =>
        await database.WriteAsync(connection => connection.Command(Forget).Add(subject).RunAsync(), ct);

    public ValueTask<IReadOnlyList<SessionFacts>> ScanAsync(SessionId? after, int take, CancellationToken ct) => PostgresSessionLists.ScanAsync(database, after, take, ct);

    public async ValueTask PurgeAsync(IReadOnlyList<SessionId> ids, CancellationToken ct) =>
        await database.WriteAsync(connection => connection.Command(Delete).Add([.. ids.Order().Select(id => id.Value)]).RunAsync(), ct);

    private async ValueTask<int> EndAsync(IReadOnlyList<SessionEnd> ends, Session? read, CancellationToken ct)
    {
        var (ended, seq) = await database.WriteAsync(connection => PostgresSessionEnds.EndAsync(connection, ends, read), ct);
        if (seq is { } appended) database.Appended(appended);
        return ended;
    }

    private static Task<int> InsertAsync(NpgsqlConnection connection, Session row) => connection.Command(Insert)
        .Add(row.Id).Add(row.Subject).Add(row.ClientId)
        .Add(row.Device.Id).Add(row.Device.Name).Add(row.Device.Type)
        .Add(row.CreatedAt).Add(row.AuthTime).Add(row.Acr).Add(row.Amr).Add(row.Scope)
        .Add(row.IpAddress).Add(row.UserAgent).Add((int)row.Transport).Add(row.Remember)
        .Add(row.Generation).Add(row.Branch).Add(row.Salt).Add(row.ConfirmedAt).Add(row.Attempts.ToBytes()).Add(row.Superseded.ToBytes()).Add(row.Retries)
        .Add(row.LastSeenAt).Add(row.ExpiresAt).Add(row.EndsAt).Add(row.Era).Add(row.Epoch).Add(row.Stamp).Add(row.ConfirmationThumbprint)
        .RunAsync();
}
