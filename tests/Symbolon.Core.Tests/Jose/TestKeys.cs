using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Keys;

namespace Symbolon.Jose;

/// <summary>One key per algorithm, made once, and tokens with any header and payload one likes.</summary>
internal static class TestKeys
{
    private static readonly ConcurrentDictionary<JwsAlgorithm, SigningKey> Made = new();

    public static SigningKey For(JwsAlgorithm algorithm) => Made.GetOrAdd(algorithm, Make);

    public static VerificationKeys All { get; } = new(Enum.GetValues<JwsAlgorithm>().Select(a => For(a).VerificationKey));

    /// <summary>Signs exactly these bytes as header and payload, whatever they say.</summary>
    public static string Forge(SigningKey key, string header, string payload) => Forge(key, Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload));

    public static string Forge(SigningKey key, byte[] header, byte[] payload)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        var signature = new byte[key.SignatureLength];
        key.Sign(Encoding.ASCII.GetBytes(signed), signature);
        return $"{signed}.{Encode(signature)}";
    }

    public static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    public static byte[] EcPkcs8(ECCurve curve)
    {
        using var ecdsa = ECDsa.Create(curve);
        return ecdsa.ExportPkcs8PrivateKey();
    }

    public static byte[] RsaPkcs8(int bits)
    {
        using var rsa = RSA.Create(bits);
        return rsa.ExportPkcs8PrivateKey();
    }

    private static SigningKey Make(JwsAlgorithm algorithm) => algorithm switch
    {
        JwsAlgorithm.ES256 => SigningKey.FromPkcs8("es256", algorithm, EcPkcs8(ECCurve.NamedCurves.nistP256)),
        JwsAlgorithm.ES384 => SigningKey.FromPkcs8("es384", algorithm, EcPkcs8(ECCurve.NamedCurves.nistP384)),
        JwsAlgorithm.RS256 => SigningKey.FromPkcs8("rs256", algorithm, RsaPkcs8(2048)),
        JwsAlgorithm.PS256 => SigningKey.FromPkcs8("ps256", algorithm, RsaPkcs8(2048)),
        _ => SigningKey.FromSecret("hs256", RandomNumberGenerator.GetBytes(32)),
    };
}
