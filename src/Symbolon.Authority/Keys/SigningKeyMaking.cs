using System.Collections.Immutable;
using System.Security.Cryptography;
using Symbolon.Jose;
using Symbolon.Keys;

namespace Symbolon.Authority;

/// <summary>Makes signing keys; the only place where one exists outside its seal.</summary>
internal static class SigningKeyMaking
{
    private const int RsaBits = 2048;
    private const int SecretBytes = 32;

    public static RingKey Make(JwsAlgorithm algorithm, DateTimeOffset now, DateTimeOffset signsFrom, MasterKeys masterKeys)
    {
        var secret = Material(algorithm);
        try
        {
            using var key = algorithm == JwsAlgorithm.HS256 ? SigningKey.FromSecret("new", secret) : SigningKey.FromPkcs8("new", algorithm, secret);
            var kid = key.PublicJwk?.Thumbprint() ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var box = SealedKey.Seal(secret, kid, RandomNumberGenerator.GetBytes(SealedKey.NonceSize), masterKeys);
            return new RingKey(kid, algorithm, ImmutableArray.Create(box), now, signsFrom);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static byte[] Material(JwsAlgorithm algorithm)
    {
        if (algorithm == JwsAlgorithm.HS256) return RandomNumberGenerator.GetBytes(SecretBytes);
        using AsymmetricAlgorithm key = algorithm switch
        {
            JwsAlgorithm.ES256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            JwsAlgorithm.ES384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => RSA.Create(RsaBits),
        };
        return key.ExportPkcs8PrivateKey();
    }
}
