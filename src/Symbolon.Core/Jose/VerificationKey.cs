using System.Security.Cryptography;

namespace Symbolon.Jose;

/// <summary>A key that checks signatures of exactly one algorithm. Safe for concurrent use.</summary>
/// <remarks>The key decides the algorithm, never the token's header alone (RFC 8725 §3.1).</remarks>
public sealed class VerificationKey
{
    private readonly InstancePool<ECDsa>? _ecdsa;
    private readonly InstancePool<RSA>? _rsa;
    private readonly byte[]? _secret;

    private VerificationKey(string kid, JwsAlgorithm algorithm, Jwk? jwk, byte[]? secret)
    {
        (Kid, Algorithm, _secret) = (kid, algorithm, secret);
        if (algorithm.IsEllipticCurve())
            _ecdsa = new InstancePool<ECDsa>(() => JwkMaterial.CreateEcdsa(jwk!));
        else if (algorithm.IsRsa())
            _rsa = new InstancePool<RSA>(() => JwkMaterial.CreateRsa(jwk!));
    }

    /// <summary>The key's id.</summary>
    public string Kid { get; }

    /// <summary>The one algorithm of this key.</summary>
    public JwsAlgorithm Algorithm { get; }

    /// <summary>Takes a public key that has a <c>kid</c>.</summary>
    /// <exception cref="ArgumentException">The key has no <c>kid</c> or cannot be used; the message says why.</exception>
    public static VerificationKey FromJwk(Jwk jwk)
    {
        ArgumentNullException.ThrowIfNull(jwk);
        if (string.IsNullOrEmpty(jwk.Kid))
            throw new ArgumentException("The key has no 'kid'.", nameof(jwk));
        if (JwkMaterial.Check(jwk) is { } problem)
            throw new ArgumentException(problem.Message, nameof(jwk));
        return new VerificationKey(jwk.Kid, jwk.Algorithm!.Value, jwk, secret: null);
    }

    /// <summary>Takes an HS256 secret of at least 32 bytes (RFC 7518 §3.2); it is copied.</summary>
    /// <exception cref="ArgumentException">The secret is too short.</exception>
    public static VerificationKey FromSecret(string kid, ReadOnlySpan<byte> secret)
    {
        SigningKey.CheckKid(kid);
        SigningKey.CheckSecret(secret);
        return new VerificationKey(kid, JwsAlgorithm.HS256, jwk: null, secret.ToArray());
    }

    /// <summary>True when <paramref name="signature"/> is this key's over <paramref name="data"/>. Bad input is false, never an exception.</summary>
    /// <param name="data">The signed bytes: for a JWS, header and payload as they stand in the token with the dot between.</param>
    /// <param name="signature">Raw bytes; for ECDSA r ‖ s (RFC 7518 §3.4). A mirrored s verifies too, so never recognise a token by its bytes.</param>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            return _ecdsa is not null ? VerifyEcdsa(_ecdsa, data, signature)
                : _rsa is not null ? VerifyRsa(_rsa, data, signature)
                : VerifyHmac(data, signature);
        }
        catch (CryptographicException)
        {
            return false; // platforms differ in whether r = 0 or a signature above the modulus is "false" or an error
        }
    }

    private bool VerifyEcdsa(InstancePool<ECDsa> pool, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 2 * Algorithm.Curve().CoordinateLength)
            return false;
        var ecdsa = pool.Rent();
        var verified = ecdsa.VerifyData(data, signature, Algorithm.Hash(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        pool.Return(ecdsa);
        return verified;
    }

    private bool VerifyRsa(InstancePool<RSA> pool, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var rsa = pool.Rent();
        var verified = signature.Length == (rsa.KeySize + 7) / 8 && rsa.VerifyData(data, signature, Algorithm.Hash(), Algorithm.RsaPadding());
        pool.Return(rsa);
        return verified;
    }

    private bool VerifyHmac(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, data, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
