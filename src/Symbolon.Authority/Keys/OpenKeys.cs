using System.Security.Cryptography;
using Symbolon.Jose;
using Symbolon.Keys;

namespace Symbolon.Authority;

/// <summary>The published keys of a ring, opened. Immutable; the same instance for as long as they stay the same, since verifiers remember tokens for that long.</summary>
internal sealed class OpenKeys
{
    private readonly IReadOnlyList<SigningKey> keys;

    private OpenKeys(IReadOnlyList<SigningKey> keys)
    {
        this.keys = keys;
        Verification = new VerificationKeys(keys.Select(key => key.VerificationKey));
        Jwks = new JwkSet([.. keys.Select(key => key.PublicJwk).OfType<Jwk>()]).Write();
    }

    public VerificationKeys Verification { get; }

    public string Jwks { get; }

    /// <summary>Opens keys, the one that signs first. One that is sealed under a master key that is not configured any more is left out: it has been replaced in time, unless it is the one that signs.</summary>
    public static OpenKeys Of(RingKey active, IEnumerable<RingKey> published, OpenKeys? known, MasterKeys masterKeys) =>
        Known(known, [.. published.OrderByDescending(key => key.Kid == active.Kid).Select(key => known?.Find(key.Kid) ?? Open(key, masterKeys)).OfType<SigningKey>()]);

    public SigningKey? Find(string kid) => keys.FirstOrDefault(key => key.Kid == kid);

    private static OpenKeys Known(OpenKeys? known, IReadOnlyList<SigningKey> keys) => known is not null && known.keys.SequenceEqual(keys) ? known : new OpenKeys(keys);

    private static SigningKey? Open(RingKey key, MasterKeys masterKeys)
    {
        if (SealedKey.Open(key.Sealed.AsSpan(), key.Kid, masterKeys) is not { } secret) return null;
        try
        {
            return key.Algorithm == JwsAlgorithm.HS256 ? SigningKey.FromSecret(key.Kid, secret) : SigningKey.FromPkcs8(key.Kid, key.Algorithm, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
