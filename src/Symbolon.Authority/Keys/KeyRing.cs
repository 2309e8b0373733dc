using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Symbolon.Authority.Ports;
using Symbolon.Jose;
using Symbolon.Keys;

namespace Symbolon.Authority;

/// <summary>The signing keys as this server holds them: the store's ring, opened. Reloaded by <see cref="KeyRingRefresh"/>; read without a lock.</summary>
internal sealed class KeyRing(IKeyStore store, MasterKeys masterKeys, IOptions<AuthorityOptions> options)
{
    private volatile OpenKeyRing? current;

    public KeyRingPolicy Policy { get; } = KeyRingPolicy.Default with { SignFor = options.Value.SigningKeys.SignFor };

    /// <summary>The ring, or null until it was loaded once.</summary>
    public OpenKeyRing? Current => current;

    /// <summary>The ring.</summary>
    /// <exception cref="StoreUnavailableException">It was not loaded yet.</exception>
    public OpenKeyRing Ready => current ?? throw new StoreUnavailableException("The signing keys are not loaded yet.");

    /// <summary>Reads the ring from the store.</summary>
    /// <exception cref="StoreUnavailableException">The store is not there, or its keys cannot be opened with these master keys.</exception>
    public async Task<KeyStoreContents> LoadAsync(CancellationToken ct)
    {
        var contents = await store.LoadAsync(ct);
        var (ring, now) = (contents.Ring, contents.Now);
        if (current is { } newer && newer.Ring.Version > ring.Version) return contents; // somebody read a later one meanwhile
        if (ring.Active(now, Policy) is not { } active) return contents;
        var keys = ring.Published(now, Policy).Where(key => key.Kid != active.Kid).Select(TryOpen).OfType<SigningKey>().ToList();
        var signing = TryOpen(active) ?? throw new StoreUnavailableException($"Signing key {active.Kid} was sealed under a master key that this server does not have.");
        current = new OpenKeyRing(ring, [signing, .. keys], signing);
        return contents;
    }

    // Null: sealed under a master key that is not configured any more. Such a key has been replaced in time, unless it is the one that signs.
    private SigningKey? TryOpen(RingKey key)
    {
        if (current?.Find(key.Kid) is { } open) return open;
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

/// <summary>A ring whose keys are opened. Immutable.</summary>
internal sealed class OpenKeyRing
{
    private readonly IReadOnlyList<SigningKey> keys;

    public OpenKeyRing(SigningKeyRing ring, IReadOnlyList<SigningKey> keys, SigningKey active)
    {
        (Ring, this.keys, Active) = (ring, keys, active);
        Verification = new VerificationKeys(keys.Select(key => key.VerificationKey));
        Jwks = new JwkSet([.. keys.Select(key => key.PublicJwk).OfType<Jwk>()]).Write();
    }

    public SigningKeyRing Ring { get; }

    public SigningKey Active { get; }

    public VerificationKeys Verification { get; }

    public string Jwks { get; }

    public SigningKey? Find(string kid) => keys.FirstOrDefault(key => key.Kid == kid);
}
