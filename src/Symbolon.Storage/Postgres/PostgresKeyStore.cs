using System.Data;
using Symbolon.Authority;
using Symbolon.Authority.Ports;
using Symbolon.Jose;
using Symbolon.Keys;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Signing keys on PostgreSQL: sealed, a row each, and the ring's version by which it is swapped. One server's rotation wins, for all.</summary>
internal sealed class PostgresKeyStore(PostgresDatabase database) : IKeyStore
{
    private const string FindVersion = "SELECT ring_version, symbolon.now_ms() FROM symbolon.system WHERE id = 1";
    private const string ListKeys = $"SELECT {KeyRows.Columns} FROM symbolon.keys ORDER BY place";
    private const string ListFingerprints = "SELECT value FROM symbolon.fingerprints ORDER BY id";
    private const string RaiseVersion = "UPDATE symbolon.system SET ring_version = $1 WHERE id = 1 AND ring_version = $1 - 1";
    private const string DeleteKeys = "DELETE FROM symbolon.keys";
    private const string InsertKey = "INSERT INTO symbolon.keys (place, kid, alg, sealed, announced_at, signs_from, removed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    private const string Revoke = "SELECT symbolon.revoke($1::integer, $2, $3::integer, $4, $5, $6)";
    private const string LockSystem = "SELECT 1 FROM symbolon.system WHERE id = 1 FOR UPDATE";
    private const string InsertFingerprints = "INSERT INTO symbolon.fingerprints (value) SELECT * FROM unnest($1) ON CONFLICT (value) DO NOTHING";

    public ValueTask<KeyStoreContents> LoadAsync(CancellationToken ct) => database.ReadAsync(
        async connection =>
        {
            await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, CancellationToken.None); // version and keys belong together
            var (version, now) = (await connection.Command(FindVersion).ListAsync(static row => (row.Int32(), row.Instant())))[0];
            var keys = await connection.Command(ListKeys).ListAsync(KeyRows.Read);
            var fingerprints = await connection.Command(ListFingerprints).ListAsync(static row => row.Text());
            return new KeyStoreContents(new SigningKeyRing([.. keys], version), fingerprints, now);
        },
        ct);

    public async ValueTask<bool> TrySaveAsync(SigningKeyRing next, RevocationEntry? entry, SessionEvent change, CancellationToken ct)
    {
        var (saved, seq) = await database.TransactAsync<(bool, long?)>(
            async (connection, transaction) =>
            {
                if (await connection.Command(RaiseVersion).Add(next.Version).RunAsync() == 0) return (false, null);
                await connection.Command(DeleteKeys).RunAsync();
                foreach (var (place, key) in next.Keys.Index())
                    await connection.Command(InsertKey)
                        .Add(place).Add(key.Kid).Add(key.Algorithm.Name()).Add([.. key.Sealed])
                        .Add(key.AnnouncedAt).Add(key.SignsFrom).Add(key.RemovedAt)
                        .RunAsync();
                await connection.Command(PostgresLogRows.InsertEvents).AddEvents(change).RunAsync();
                long? number = entry is null ? null : (await connection.Command(Revoke).AddEntry(entry).ListAsync(static row => row.Int64()))[0];
                await transaction.CommitAsync(CancellationToken.None);
                return (true, number);
            },
            ct);
        if (seq is { } appended) database.Appended(appended);
        return saved;
    }

    public ValueTask<bool> TryAddFingerprintsAsync(IReadOnlyList<string> known, CancellationToken ct) => database.TransactAsync(
        async (connection, transaction) =>
        {
            await connection.Command(LockSystem).AnyAsync();
            if (!KeyFingerprints.Agree(await connection.Command(ListFingerprints).ListAsync(static row => row.Text()), known)) return false;
            await connection.Command(InsertFingerprints).Add((IEnumerable<string?>)known).RunAsync();
            await transaction.CommitAsync(CancellationToken.None);
            return true;
        },
        ct);
}
