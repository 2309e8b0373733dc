using System.Security.Cryptography;

namespace Symbolon.Jose;

/// <summary>What is wrong with a key's numbers.</summary>
internal readonly record struct JwkProblem(string Message, bool IsUnsupported = false);

/// <summary>The numbers inside a <see cref="Jwk"/>: sound or not, and in the framework's form.</summary>
/// <remarks>RFC 7518 §6.2.1 and §6.3.1; RFC 8725 §3.4: validate the inputs of cryptographic operations.</remarks>
internal static class JwkMaterial
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192; // a giant key makes each verification a denial of service

    public static JwkProblem? Check(Jwk jwk)
    {
        if (jwk.Kty is not ("EC" or "RSA"))
            return new("Only keys of type EC and RSA are supported.", IsUnsupported: true);
        if (jwk.Kty is "EC" && jwk.Crv is null)
            return new("The EC key has no 'crv'.");
        if (jwk.Kty is "EC" && jwk.Crv is not ("P-256" or "P-384"))
            return new("Only the curves P-256 and P-384 are supported.", IsUnsupported: true);
        if (jwk.Algorithm is not { } algorithm)
            return new("The key's 'alg' is missing, or not one of ES256, ES384, RS256, PS256.", IsUnsupported: true);
        return jwk.Kty is "EC" ? CheckEc(jwk, algorithm) : CheckRsa(jwk, algorithm);
    }

    public static ECDsa CreateEcdsa(Jwk jwk) => ECDsa.Create(EcParameters(jwk));

    public static RSA CreateRsa(Jwk jwk) => RSA.Create(new RSAParameters { Modulus = Bytes(jwk.N), Exponent = Bytes(jwk.E) });

    private static JwkProblem? CheckEc(Jwk jwk, JwsAlgorithm algorithm)
    {
        if (!algorithm.IsEllipticCurve() || algorithm.Curve().Name != jwk.Crv)
            return new($"'crv' {jwk.Crv} does not go with 'alg' {algorithm.Name()}.");
        var length = algorithm.Curve().CoordinateLength;
        if (Bytes(jwk.X).Length != length || Bytes(jwk.Y).Length != length)
            return new($"'x' and 'y' must be base64url of exactly {length} bytes.");
        try
        {
            using var ecdsa = CreateEcdsa(jwk); // the import refuses a point that is not on the curve
            return null;
        }
        catch (CryptographicException)
        {
            return new("The point ('x', 'y') is not on the curve.");
        }
    }

    private static JwkProblem? CheckRsa(Jwk jwk, JwsAlgorithm algorithm)
    {
        if (!algorithm.IsRsa())
            return new($"'kty' RSA does not go with 'alg' {algorithm.Name()}.");
        byte[] modulus = Bytes(jwk.N), exponent = Bytes(jwk.E);
        if (modulus is [] or [0, ..] || exponent is [] or [0, ..])
            return new("'n' and 'e' must be base64url of a number without leading zeros.");
        var bits = (modulus.Length * 8) - System.Numerics.BitOperations.LeadingZeroCount((uint)modulus[0] << 24);
        if (bits is < MinRsaBits or > MaxRsaBits)
            return new($"The RSA key has {bits} bits; {MinRsaBits} to {MaxRsaBits} are accepted.", IsUnsupported: true);
        if ((modulus[^1] & 1) == 0 || (exponent[^1] & 1) == 0 || exponent is [1] || exponent.Length > 8)
            return new("'n' and 'e' must be odd, and 'e' between 3 and 2^64.");
        try
        {
            using var rsa = CreateRsa(jwk);
            return null;
        }
        catch (CryptographicException)
        {
            return new("'n' and 'e' are not an RSA key.");
        }
    }

    private static ECParameters EcParameters(Jwk jwk) => new()
    {
        Curve = jwk.Crv is "P-256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384,
        Q = new ECPoint { X = Bytes(jwk.X), Y = Bytes(jwk.Y) },
    };

    private static byte[] Bytes(string? text) => StrictBase64Url.TryDecode(text, out var bytes) ? bytes : [];
}
