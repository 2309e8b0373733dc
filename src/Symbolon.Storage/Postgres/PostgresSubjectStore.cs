using Npgsql;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Subjects, the era and failure counters on PostgreSQL.</summary>
internal sealed class PostgresSubjectStore(PostgresDatabase database) : ISubjectStore
{
    private const string Find = $"SELECT y.era, (SELECT symbolon.now_ms()), {SessionRows.SubjectColumns} FROM symbolon.system y LEFT JOIN symbolon.subjects b ON b.sub = $1 WHERE y.id = 1";
    private const string ListAll = $"SELECT {SessionRows.SubjectColumns} FROM symbolon.subjects b WHERE b.sub > $1 AND b.deleted_at IS NULL ORDER BY b.sub LIMIT $2";

    private const string Insert = """
        INSERT INTO symbolon.subjects (sub, epoch, epoch_reason, claims_version, disabled_at, deleted_at)
        VALUES ($14, $15, $16, $17, $18, $19) ON CONFLICT (sub) DO NOTHING RETURNING 1
        """;

    private const string Update = """
        UPDATE symbolon.subjects SET epoch = $15, epoch_reason = $16, claims_version = $17, disabled_at = $18, deleted_at = $19
        WHERE sub = $14 AND epoch = $20 AND epoch_reason IS NOT DISTINCT FROM $21 AND claims_version = $22 AND disabled_at IS NOT DISTINCT FROM $23
        AND deleted_at IS NOT DISTINCT FROM $24 RETURNING 1
        """;

    private const string RaiseEra = "UPDATE symbolon.system SET era = $14 WHERE id = 1 AND era = $14 - 1 RETURNING 1";

    private const string CountAttempt = """
        INSERT INTO symbolon.attempts AS a (key, count, since) VALUES ($1, 1, symbolon.now_ms()) ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN EXCLUDED.since - a.since < $2 THEN a.count + 1 ELSE 1 END, since = CASE WHEN EXCLUDED.since - a.since < $2 THEN a.since ELSE EXCLUDED.since END
        RETURNING count, since
        """;

    private const string DeleteCounter = "DELETE FROM symbolon.attempts WHERE key = $1";
    private const string LowerCounter = "UPDATE symbolon.attempts SET count = count - 1 WHERE key = $1 AND count > 0";

    private const string PurgeCounters = """
        DELETE FROM symbolon.attempts WHERE key IN (SELECT key FROM symbolon.attempts
        WHERE since <= (SELECT symbolon.now_ms()) - $1 ORDER BY since LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;

    private static readonly string InsertSubject = Revoking(Insert), UpdateSubject = Revoking(Update), Raise = Revoking(RaiseEra);

    public ValueTask<SubjectFacts> FindAsync(SubjectId id, CancellationToken ct) => database.ReadAsync(
        async connection => (await connection.Command(Find).Add(id).ListAsync(static row =>
        {
            var (era, now) = (row.Int32(), row.Instant());
            return new SubjectFacts(SessionRows.ReadSubject(row), era, now);
        }))[0],
        ct);

    public async ValueTask<IReadOnlyList<Subject>> ListAsync(SubjectId? after, int take, CancellationToken ct) =>
        await database.ReadAsync(connection => connection.Command(ListAll).Add(after?.Value ?? "").Add(take).ListAsync(static row => SessionRows.ReadSubject(row)!), ct);

    public ValueTask<bool> TryChangeAsync(Subject? read, SubjectChange change, CancellationToken ct) => RevokeAsync(
        connection =>
        {
            var next = change.Subject;
            var command = connection.Command(read is null ? InsertSubject : UpdateSubject).AddEvents(change.Events).AddEntry(change.Entry)
                .Add(next.Id).Add(next.Epoch).Add(next.EpochReason?.Code()).Add(next.ClaimsVersion).Add(next.DisabledAt).Add(next.DeletedAt);
            return read is null ? command : command.Add(read.Epoch).Add(read.EpochReason?.Code()).Add(read.ClaimsVersion).Add(read.DisabledAt).Add(read.DeletedAt);
        },
        ct);

    public ValueTask<bool> TryRaiseEraAsync(EraChange change, CancellationToken ct) =>
        RevokeAsync(connection => connection.Command(Raise).AddEvents(change.Event).AddEntry(change.Entry).Add(change.Era), ct);

    // Each key by itself: a counter that many try must not stay locked while the next one is counted.
    public async ValueTask<IReadOnlyList<AttemptCount>> CountAttemptAsync(IReadOnlyList<AttemptLimit> keys, TimeSpan window, CancellationToken ct)
    {
        var counts = new List<AttemptCount>(keys.Count);
        foreach (var (key, limit) in keys)
        {
            counts.Add((await database.WriteAsync(
                connection => connection.Command(CountAttempt).Add(key).Add((long)window.TotalMilliseconds).ListAsync(row => new AttemptCount(row.Int32(), row.Instant() + window)), ct))[0]);
            if (counts[^1].Count > limit) break;
        }

        return counts;
    }

    public async ValueTask ForgiveAttemptAsync(IReadOnlyList<Bytes16> keys, CancellationToken ct)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            var (sql, key) = (i == 0 ? DeleteCounter : LowerCounter, keys[i]);
            await database.WriteAsync(connection => connection.Command(sql).Add(key).RunAsync(), ct);
        }
    }

    public async ValueTask PurgeAttemptsAsync(TimeSpan window, int most, CancellationToken ct) =>
        await database.WriteAsync(connection => connection.Command(PurgeCounters).Add((long)window.TotalMilliseconds).Add(most).RunAsync(), ct);

    // A conditional change, and only with it its events ($1 to $7) and, last, its entry in the revocation log ($8 to $13, none where its kind is null).
    private static string Revoking(string change) => $"""
        WITH changed AS ({change}),
        logged AS (
            INSERT INTO symbolon.events (kind, at, session, subject, number, reason, by)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) WHERE EXISTS (SELECT 1 FROM changed))
        SELECT CASE WHEN $8::bigint IS NOT NULL THEN symbolon.revoke($8::integer, $9, $10::integer, $11, $12, $13) END FROM changed
        """;

    private async ValueTask<bool> RevokeAsync(Func<NpgsqlConnection, NpgsqlCommand> command, CancellationToken ct)
    {
        var changed = await database.WriteAsync(connection => command(connection).ListAsync(static row => row.Int64OrNull()), ct);
        if (changed is [{ } seq]) database.Appended(seq);
        return changed.Count == 1;
    }
}
