using Npgsql;
using Symbolon.Authority.Ports;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>The revocation log on PostgreSQL. Whoever appends holds the head's row until its commit, so a number that is visible has no smaller one still to come [I12].</summary>
internal sealed class PostgresRevocationLog(PostgresDatabase database, PostgresListener listener) : IRevocationLog
{
    private const string HasToken = "SELECT 1 FROM symbolon.revocations WHERE kind = 2 AND key = $1";
    private const string LockHead = "SELECT 1 FROM symbolon.revocation_head WHERE id = 1 FOR UPDATE";
    private const string CountTokens = "SELECT count(*) FROM symbolon.events WHERE session = $1 AND kind = 8 AND at > $2";
    private const string Revoke = "SELECT symbolon.revoke($1::integer, $2, $3::integer, $4, $5, $6)";
    private const string NewTimeline = "UPDATE symbolon.revocation_head SET timeline = $1 WHERE id = 1";

    // The head first, as everybody who revokes: and only where there is something to drop, since all who revoke wait for it.
    private const string Compact = """
        WITH head AS (SELECT 1 FROM symbolon.revocation_head WHERE id = 1
            AND (SELECT until FROM symbolon.revocations ORDER BY seq LIMIT 1) <= (SELECT symbolon.now_ms()) FOR UPDATE),
        oldest AS (SELECT seq, until FROM symbolon.revocations WHERE EXISTS (SELECT 1 FROM head) ORDER BY seq LIMIT $1),
        passed AS (SELECT max(seq) AS seq FROM oldest
            WHERE seq < coalesce((SELECT min(seq) FROM oldest WHERE until > (SELECT symbolon.now_ms())), 9223372036854775807)),
        dropped AS (DELETE FROM symbolon.revocations r USING passed p WHERE r.seq <= p.seq RETURNING 1),
        remembered AS (UPDATE symbolon.revocation_head h SET compacted = p.seq FROM passed p WHERE h.id = 1 AND h.compacted < p.seq RETURNING 1)
        SELECT count(*) FROM dropped
        """;

    // One statement is one snapshot: the head and its entries belong together. Made at the first read: what the server can tell of its timeline is known once it was opened.
    private string ReadPage => field ??= $"""
        SELECT h.timeline || {database.WalTimeline}, h.seq, h.compacted, (SELECT symbolon.now_ms()), r.*
        FROM symbolon.revocation_head h LEFT JOIN LATERAL (
            SELECT {LogRows.EntryColumns} FROM symbolon.revocations WHERE seq > greatest(coalesce($1::bigint, h.compacted), h.compacted) ORDER BY seq LIMIT $2) r ON true
        WHERE h.id = 1 ORDER BY r.seq
        """;

    public ValueTask<RevocationPage?> ReadAsync(long? since, int take, CancellationToken ct) =>
        database.ReadAsync(connection => ReadPageAsync(connection, since, take), ct);

    public ValueTask<bool> HasTokenAsync(string jti, CancellationToken ct) => database.ReadAsync(connection => connection.Command(HasToken).Add(jti).AnyAsync(), ct);

    // The head is locked first: this locks nothing else, and whether a token is known must not change until it is.
    public async ValueTask<TokenAppend> AppendTokenAsync(RevocationEntry entry, SessionEvent what, int most, CancellationToken ct)
    {
        var (append, seq) = await database.TransactAsync<(TokenAppend, long)>(
            async (connection, transaction) =>
            {
                await connection.Command(LockHead).AnyAsync();
                if (await connection.Command(HasToken).Add(entry.Key).AnyAsync()) return (TokenAppend.Known, 0);
                if (what.Session is { } session && await CountAsync(connection, session, entry.At - RevocationEntry.Life) >= most) return (TokenAppend.TooMany, 0);
                await connection.Command(PostgresLogRows.InsertEvents).AddEvents(what).RunAsync();
                var number = (await connection.Command(Revoke).AddEntry(entry).ListAsync(static row => row.Int64()))[0];
                await transaction.CommitAsync(CancellationToken.None);
                return (TokenAppend.Appended, number);
            },
            ct);
        if (append == TokenAppend.Appended) database.Appended(seq);
        return append;
    }

    public ValueTask WaitAsync(long seq, TimeSpan atMost, CancellationToken ct) => database.Revoked.WaitAsync(seq, listener.Patience(atMost), ct);

    public async ValueTask StartTimelineAsync(CancellationToken ct) =>
        await database.WriteAsync(connection => connection.Command(NewTimeline).Add(Guid.NewGuid().ToString("N")).RunAsync(), ct);

    public async ValueTask<int> CompactAsync(int most, CancellationToken ct) =>
        (await database.WriteAsync(connection => connection.Command(Compact).Add(most).ListAsync(static row => row.Int32()), ct))[0];

    private static async Task<long> CountAsync(NpgsqlConnection connection, SessionId session, DateTimeOffset after) =>
        (await connection.Command(CountTokens).Add(session).Add(after).ListAsync(static row => row.Int64()))[0];

    private async Task<RevocationPage?> ReadPageAsync(NpgsqlConnection connection, long? since, int take)
    {
        var rows = await connection.Command(ReadPage).Add(since).Add(take).ListAsync(static row => new PageRow(
            row.Text(), row.Int64(), row.Int64(), row.Instant(), row.Int64OrNull() is { } seq ? new LoggedRevocation(seq, LogRows.ReadEntry(row)) : null));
        var (timeline, newest, compacted, now, _) = rows[0];
        if (since < compacted || since > newest) return null;
        var entries = rows.Where(row => row.Entry is not null).Select(row => row.Entry!.Value).ToList();
        return new RevocationPage(timeline, since, entries.Count > 0 ? entries[^1].Seq : since ?? compacted, newest, now, entries);
    }

    private sealed record PageRow(string Timeline, long Newest, long Compacted, DateTimeOffset Now, LoggedRevocation? Entry);
}
