using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Jose;
using Symbolon.Keys;

namespace Symbolon.Mock.Hosting;

/// <summary>Keys and ids that follow from the seed, so that tokens of a mock still verify after it was started again. They are no secrets: anybody who knows the seed has them.</summary>
internal sealed class SeededKeys(int seed)
{
    // The order of P-256 (FIPS 186-5): a private key is a number from 1 to one less.
    private static readonly BigInteger Order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The master key, in base64.</summary>
    public string MasterKey => Convert.ToBase64String(Derive("master", MasterKeys.Size));

    /// <summary>The id of the account of a name.</summary>
    public string UserId(string normalizedName) => new Guid(Derive($"user {normalizedName}", 16), bigEndian: true).ToString("D");

    /// <summary>A ring with the first signing key in it, which signs from the beginning of time: so that a clock set back finds it too.</summary>
    public SigningKeyRing Ring(JwsAlgorithm algorithm, DateTimeOffset now, MasterKeys masterKeys)
    {
        if (algorithm is not (JwsAlgorithm.ES256 or JwsAlgorithm.HS256)) return SigningKeyRing.Empty; // the engine makes one; there is no cheap way to an RSA key that follows from a seed
        var secret = algorithm == JwsAlgorithm.HS256 ? Derive("hs256", 32) : Ec();
        using var key = algorithm == JwsAlgorithm.HS256 ? SigningKey.FromSecret("new", secret) : SigningKey.FromPkcs8("new", algorithm, secret);
        var kid = key.PublicJwk?.Thumbprint() ?? Convert.ToHexStringLower(Derive("hs256 kid", 16));
        var box = SealedKey.Seal(secret, kid, RandomNumberGenerator.GetBytes(SealedKey.NonceSize), masterKeys);
        return new SigningKeyRing([new RingKey(kid, algorithm, ImmutableArray.Create(box), now, now)], Version: 1);
    }

    private byte[] Ec()
    {
        // 16 bytes more than the order has, so that no key is noticeably likelier than another.
        var number = new BigInteger(Derive("es256", 48), isUnsigned: true, isBigEndian: true);
        var d = ((number % (Order - 1)) + 1).ToByteArray(isUnsigned: true, isBigEndian: true);
        var scalar = new byte[32];
        d.CopyTo(scalar, scalar.Length - d.Length);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        return key.ExportPkcs8PrivateKey();
    }

    private byte[] Derive(string purpose, int length) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes($"symbolon mock {seed.ToString(CultureInfo.InvariantCulture)}"), length, salt: [], info: Encoding.UTF8.GetBytes(purpose));
}
