using System.Collections.Immutable;
using Symbolon.Jose;

namespace Symbolon.Keys;

/// <summary>The signing keys of an authority. What a key may do follows from the ring and an instant alone: no state is flipped, nothing has to run on time.</summary>
/// <param name="Keys">All keys, by the instant from which they sign.</param>
/// <param name="Version">Raised by each change; a store swaps rings by it.</param>
/// <remarks>DESIGN §3.3 [I6].</remarks>
public sealed record SigningKeyRing(ImmutableArray<RingKey> Keys, int Version)
{
    /// <summary>A ring without keys, as in a new store.</summary>
    public static SigningKeyRing Empty { get; } = new([], 0);

    /// <summary>What a key may do at an instant.</summary>
    public KeyState StateOf(RingKey key, DateTimeOffset now, KeyRingPolicy policy)
    {
        if (key.RemovedAt is not null) return KeyState.Gone;
        // A clock that was set back must not leave the ring without a key: then the first one signs.
        if (now < key.SignsFrom) return key == Keys.FirstOrDefault(first => first.RemovedAt is null) ? KeyState.Active : KeyState.Announced;
        var successor = Keys.Skip(Keys.IndexOf(key) + 1).FirstOrDefault(next => next.RemovedAt is null && next.SignsFrom <= now);
        return successor is null ? KeyState.Active
            : now < successor.SignsFrom + policy.VerifyFor ? KeyState.Retiring
            : KeyState.Gone;
    }

    /// <summary>The key that signs, or null in an empty ring.</summary>
    public RingKey? Active(DateTimeOffset now, KeyRingPolicy policy) => Keys.FirstOrDefault(key => StateOf(key, now, policy) == KeyState.Active);

    /// <summary>The keys whose signatures count, announced ones included: what JWKS publishes.</summary>
    public IEnumerable<RingKey> Published(DateTimeOffset now, KeyRingPolicy policy) =>
        Keys.Where(key => StateOf(key, now, policy) is not KeyState.Gone);

    /// <summary>Whether a key waits for its turn.</summary>
    public bool HasAnnounced(DateTimeOffset now, KeyRingPolicy policy) => Keys.Any(key => StateOf(key, now, policy) == KeyState.Announced);

    /// <summary>Whether it is time for a new key: there is none, it signs with another algorithm than configured, it is sealed under a master key that is not the active one any more, or it has signed for long enough.</summary>
    /// <remarks>The seal counts, so that a replaced master key can be dropped without waiting for the signing key's own end.</remarks>
    public bool IsDue(DateTimeOffset now, KeyRingPolicy policy, JwsAlgorithm algorithm, byte masterKey) =>
        !HasAnnounced(now, policy)
        && (Active(now, policy) is not { } active || active.Algorithm != algorithm || SealedKey.MasterKeyOf(active.Sealed.AsSpan()) != masterKey
            || now >= active.SignsFrom + policy.SignFor);

    /// <summary>When a key that is made now may sign: at once in an empty ring, else after every verifier has fetched it, and not before the keys there are.</summary>
    public DateTimeOffset NextSignsFrom(DateTimeOffset now, KeyRingPolicy policy)
    {
        if (Active(now, policy) is null) return now;
        var fetched = now + policy.AnnounceFor;
        var newest = Keys.Where(key => key.RemovedAt is null).Max(key => key.SignsFrom); // later than that, when the clock was set back
        return newest > fetched ? newest : fetched;
    }

    /// <summary>The ring with a new key, without those that are gone; the same ring when a key is announced already.</summary>
    public SigningKeyRing Rotate(RingKey next, DateTimeOffset now, KeyRingPolicy policy) =>
        HasAnnounced(now, policy) ? this
        : new([.. Keys.Where(key => StateOf(key, now, policy) is not KeyState.Gone), next], Version + 1);

    /// <summary>The ring with a key removed in an emergency. Removing the active one needs a successor that signs at once. What is gone already leaves too: it must not come back.</summary>
    public SigningKeyRing Remove(string kid, RingKey? successor, DateTimeOffset now, KeyRingPolicy policy) => new(
        [.. Keys.Where(key => key.RemovedAt is not null || StateOf(key, now, policy) is not KeyState.Gone)
            .Select(key => key.Kid == kid ? key with { RemovedAt = now } : key)
            .Concat(successor is null ? [] : [successor])
            .OrderBy(key => key.SignsFrom)],
        Version + 1);
}

/// <summary>One signing key of the ring.</summary>
/// <param name="Kid">Its id: the RFC 7638 thumbprint of the public key; random for an HMAC secret.</param>
/// <param name="Algorithm">The only algorithm it signs with.</param>
/// <param name="Sealed">The private key, sealed under a master key.</param>
/// <param name="AnnouncedAt">Since when it is published.</param>
/// <param name="SignsFrom">From when it signs, until the next one does.</param>
/// <param name="RemovedAt">When it was removed in an emergency, or null.</param>
public sealed record RingKey(
    string Kid, JwsAlgorithm Algorithm, ImmutableArray<byte> Sealed, DateTimeOffset AnnouncedAt, DateTimeOffset SignsFrom, DateTimeOffset? RemovedAt = null);

/// <summary>What a key may do.</summary>
public enum KeyState
{
    /// <summary>Published, does not sign yet.</summary>
    Announced,

    /// <summary>Signs; exactly one key does.</summary>
    Active,

    /// <summary>Signs no more; its signatures still count.</summary>
    Retiring,

    /// <summary>Counts for nothing.</summary>
    Gone,
}

/// <summary>How long keys stay in each state.</summary>
/// <param name="AnnounceFor">Longer than verifiers cache JWKS.</param>
/// <param name="VerifyFor">Longer than the longest access token lives.</param>
/// <param name="SignFor">How long a key signs before the next is made.</param>
/// <param name="TrustFor">How long a server signs by a ring that it has read; shorter than <paramref name="AnnounceFor"/>.</param>
public sealed record KeyRingPolicy(TimeSpan AnnounceFor, TimeSpan VerifyFor, TimeSpan SignFor, TimeSpan TrustFor)
{
    /// <summary>Announced for 15 minutes (verifiers cache JWKS for 5), verifies for 70 minutes (tokens live for at most 60), signs for 90 days; a ring is signed by for 15 seconds.</summary>
    public static KeyRingPolicy Default { get; } = new(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(70), TimeSpan.FromDays(90), TimeSpan.FromSeconds(15));
}
