using Symbolon.Authority.Ports;
using Symbolon.Keys;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.InMemory;

/// <summary>Signing keys in memory.</summary>
internal sealed class InMemoryKeyStore(InMemoryState state) : IKeyStore
{
    public ValueTask<KeyStoreContents> LoadAsync(CancellationToken ct)
    {
        lock (state.Gate) return new(new KeyStoreContents(state.Ring, [.. state.Fingerprints], state.Now));
    }

    public ValueTask<bool> TrySaveAsync(SigningKeyRing next, RevocationEntry? entry, SessionEvent change, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (state.Ring.Version != next.Version - 1) return new(false);
            state.Ring = next;
            state.Append(entry, change);
            return new(true);
        }
    }

    public ValueTask<bool> TryAddFingerprintsAsync(IReadOnlyList<string> known, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (!KeyFingerprints.Agree(state.Fingerprints, known)) return new(false);
            state.Fingerprints.AddRange(known.Except(state.Fingerprints));
            return new(true);
        }
    }
}
