using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Symbolon.Jose;

/// <summary>The signature algorithms there are. Nothing else is ever accepted; an unsigned token has no name here.</summary>
/// <remarks>RFC 7518 §3.1; RFC 8725 §3.1 and §3.2; RFC 9068 §2.1 requires RS256.</remarks>
public enum JwsAlgorithm
{
    /// <summary>ECDSA on P-256 with SHA-256; the default.</summary>
    ES256,

    /// <summary>ECDSA on P-384 with SHA-384.</summary>
    ES384,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256, keys of at least 2048 bits.</summary>
    RS256,

    /// <summary>RSASSA-PSS with SHA-256, keys of at least 2048 bits.</summary>
    PS256,

    /// <summary>HMAC with SHA-256: only where issuer and verifier are one process.</summary>
    HS256,
}

/// <summary>The names that <see cref="JwsAlgorithm"/> has in tokens and key sets.</summary>
public static class JwsAlgorithms
{
    /// <summary>The name of RFC 7518 §3.1, for example <c>ES256</c>.</summary>
    public static string Name(this JwsAlgorithm algorithm) => algorithm switch
    {
        JwsAlgorithm.ES256 => "ES256",
        JwsAlgorithm.ES384 => "ES384",
        JwsAlgorithm.RS256 => "RS256",
        JwsAlgorithm.PS256 => "PS256",
        JwsAlgorithm.HS256 => "HS256",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not a JWS algorithm."),
    };

    /// <summary>Finds the algorithm with exactly this name; names are case-sensitive (RFC 7515 §4.1.1).</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out JwsAlgorithm algorithm)
    {
        (var known, algorithm) = name switch
        {
            "ES256" => (true, JwsAlgorithm.ES256),
            "ES384" => (true, JwsAlgorithm.ES384),
            "RS256" => (true, JwsAlgorithm.RS256),
            "PS256" => (true, JwsAlgorithm.PS256),
            "HS256" => (true, JwsAlgorithm.HS256),
            _ => (false, default),
        };
        return known;
    }

    internal static bool IsEllipticCurve(this JwsAlgorithm algorithm) => algorithm is JwsAlgorithm.ES256 or JwsAlgorithm.ES384;

    internal static bool IsRsa(this JwsAlgorithm algorithm) => algorithm is JwsAlgorithm.RS256 or JwsAlgorithm.PS256;

    internal static HashAlgorithmName Hash(this JwsAlgorithm algorithm) =>
        algorithm is JwsAlgorithm.ES384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    internal static RSASignaturePadding RsaPadding(this JwsAlgorithm algorithm) =>
        algorithm is JwsAlgorithm.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

    /// <summary>The curve's name in a JWK and its object identifier (RFC 7518 §6.2.1.1, RFC 5480 §2.1.1.1).</summary>
    internal static (string Name, string Oid, int CoordinateLength) Curve(this JwsAlgorithm algorithm) => algorithm switch
    {
        JwsAlgorithm.ES256 => ("P-256", "1.2.840.10045.3.1.7", 32),
        JwsAlgorithm.ES384 => ("P-384", "1.3.132.0.34", 48),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not an elliptic-curve algorithm."),
    };
}
