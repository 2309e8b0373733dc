using Symbolon.Authority;
using Symbolon.Authority.Ports;
using Symbolon.Jose;
using Symbolon.Keys;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Signing keys on SQLite: sealed, a row each, and the ring's version by which it is swapped.</summary>
internal sealed class SqliteKeyStore(SqliteDatabase database) : IKeyStore
{
    private static readonly Sql Begin = new("BEGIN"), Commit = new("COMMIT");
    private static readonly Sql FindVersion = new("SELECT ring_version FROM system");
    private static readonly Sql ListKeys = new($"SELECT {KeyRows.Columns} FROM keys ORDER BY place");
    private static readonly Sql ListFingerprints = new("SELECT value FROM fingerprints ORDER BY id");
    private static readonly Sql RaiseVersion = new("UPDATE system SET ring_version = ?1 WHERE ring_version = ?1 - 1");
    private static readonly Sql DeleteKeys = new("DELETE FROM keys");
    private static readonly Sql InsertKey = new("INSERT INTO keys (kid, alg, sealed, announced_at, signs_from, removed_at) VALUES (?, ?, ?, ?, ?, ?)");
    private static readonly Sql InsertFingerprint = new("INSERT OR IGNORE INTO fingerprints (value) VALUES (?)");

    public ValueTask<KeyStoreContents> LoadAsync(CancellationToken ct) => new(database.Read(database, static (db, database) =>
    {
        db.Use(Begin).Run(); // version and keys out of one snapshot
        var version = db.Use(FindVersion).ToList(static row => row.Int32())[0];
        var keys = db.Use(ListKeys).ToList(KeyRows.Read);
        var fingerprints = db.Use(ListFingerprints).ToList(static row => row.Text());
        db.Use(Commit).Run();
        return new KeyStoreContents(new SigningKeyRing([.. keys], version), fingerprints, database.Now);
    }));

    public ValueTask<bool> TrySaveAsync(SigningKeyRing next, RevocationEntry? entry, SessionEvent change, CancellationToken ct) => database.WriteAsync(db =>
    {
        if (db.Use(RaiseVersion).Add(next.Version).Run() == 0) return false;
        db.Use(DeleteKeys).Run();
        foreach (var key in next.Keys)
            db.Use(InsertKey)
                .Add(key.Kid).Add(key.Algorithm.Name()).Add([.. key.Sealed])
                .Add(key.AnnouncedAt).Add(key.SignsFrom).Add(key.RemovedAt)
                .Run();
        SqliteLogRows.Append(db, entry);
        SqliteLogRows.Append(db, change);
        return true;
    }, ct);

    public ValueTask<bool> TryAddFingerprintsAsync(IReadOnlyList<string> known, CancellationToken ct) => database.WriteAsync(db =>
    {
        var standing = db.Use(ListFingerprints).ToList(static row => row.Text());
        if (!KeyFingerprints.Agree(standing, known)) return false;
        foreach (var fingerprint in known) db.Use(InsertFingerprint).Add(fingerprint).Run();
        return true;
    }, ct);
}
