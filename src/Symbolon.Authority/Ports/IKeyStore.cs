using Symbolon.Keys;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.Ports;

/// <summary>Where signing keys stand (sealed), and the fingerprints of the master keys that seal them.</summary>
public interface IKeyStore
{
    /// <summary>The ring and the fingerprints.</summary>
    ValueTask<KeyStoreContents> LoadAsync(CancellationToken ct);

    /// <summary>Commits a ring, with what verifiers must learn and the event, where the stored one has the version before it.</summary>
    ValueTask<bool> TrySaveAsync(SigningKeyRing next, RevocationEntry? entry, SessionEvent change, CancellationToken ct);

    /// <summary>Adds fingerprints of master keys where none stands yet or one of <paramref name="known"/> does; false when all that stand are strange, or one stands for other bytes under the same id.</summary>
    ValueTask<bool> TryAddFingerprintsAsync(IReadOnlyList<string> known, CancellationToken ct);
}

/// <summary>What a key store holds.</summary>
/// <param name="Ring">The signing keys.</param>
/// <param name="Fingerprints">Fingerprints of the master keys that have been in use.</param>
/// <param name="Now">The store's clock.</param>
public sealed record KeyStoreContents(SigningKeyRing Ring, IReadOnlyList<string> Fingerprints, DateTimeOffset Now);
