using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Symbolon.Jose;

namespace Symbolon.Bench.Tokens;

/// <summary>One key in three hands: the framework's own type, ours, and JsonWebTokenHandler's.</summary>
internal abstract record KeyPair(SigningKey Ours, SecurityKey Theirs)
{
    private const string Kid = "bench-1";

    public abstract void SignAlone(byte[] data, byte[] signature);

    public abstract bool VerifyAlone(byte[] data, byte[] signature);

    public static KeyPair Make(JwsAlgorithm algorithm) => algorithm switch
    {
        JwsAlgorithm.ES256 => Elliptic(algorithm, ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
        JwsAlgorithm.ES384 => Elliptic(algorithm, ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384),
        JwsAlgorithm.RS256 => Rsa(algorithm, RSASignaturePadding.Pkcs1),
        JwsAlgorithm.PS256 => Rsa(algorithm, RSASignaturePadding.Pss),
        _ => Hmac(),
    };

    private static EllipticPair Elliptic(JwsAlgorithm algorithm, ECCurve curve, HashAlgorithmName hash)
    {
        var alone = ECDsa.Create(curve);
        return new EllipticPair(alone, hash, SigningKey.FromPkcs8(Kid, algorithm, alone.ExportPkcs8PrivateKey()), new ECDsaSecurityKey(alone) { KeyId = Kid });
    }

    private static RsaPair Rsa(JwsAlgorithm algorithm, RSASignaturePadding padding)
    {
        var alone = RSA.Create(2048);
        return new RsaPair(alone, padding, SigningKey.FromPkcs8(Kid, algorithm, alone.ExportPkcs8PrivateKey()), new RsaSecurityKey(alone) { KeyId = Kid });
    }

    private static HmacPair Hmac()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        return new HmacPair(secret, SigningKey.FromSecret(Kid, secret), new SymmetricSecurityKey(secret) { KeyId = Kid });
    }

    private sealed record EllipticPair(ECDsa Alone, HashAlgorithmName Hash, SigningKey Ours, SecurityKey Theirs) : KeyPair(Ours, Theirs)
    {
        public override void SignAlone(byte[] data, byte[] signature) =>
            Alone.SignData(data, signature, Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

        public override bool VerifyAlone(byte[] data, byte[] signature) =>
            Alone.VerifyData(data, signature, Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private sealed record RsaPair(RSA Alone, RSASignaturePadding Padding, SigningKey Ours, SecurityKey Theirs) : KeyPair(Ours, Theirs)
    {
        public override void SignAlone(byte[] data, byte[] signature) => Alone.SignData(data, signature, HashAlgorithmName.SHA256, Padding);

        public override bool VerifyAlone(byte[] data, byte[] signature) =>
            Alone.VerifyData((ReadOnlySpan<byte>)data, signature, HashAlgorithmName.SHA256, Padding);
    }

    private sealed record HmacPair(byte[] Secret, SigningKey Ours, SecurityKey Theirs) : KeyPair(Ours, Theirs)
    {
        public override void SignAlone(byte[] data, byte[] signature) => HMACSHA256.HashData(Secret, data, signature);

        public override bool VerifyAlone(byte[] data, byte[] signature)
        {
            Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(Secret, data, expected);
            return CryptographicOperations.FixedTimeEquals(expected, signature);
        }
    }
}
