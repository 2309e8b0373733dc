using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Symbolon.Jose;

/// <summary>A public key as JSON (RFC 7517). It has no private members, so it cannot publish one by mistake.</summary>
public sealed record Jwk
{
    /// <summary>Key type: <c>EC</c> or <c>RSA</c>.</summary>
    public required string Kty { get; init; }

    /// <summary>Curve of an EC key: <c>P-256</c> or <c>P-384</c>.</summary>
    public string? Crv { get; init; }

    /// <summary>X coordinate of an EC key, base64url, full length.</summary>
    public string? X { get; init; }

    /// <summary>Y coordinate of an EC key, base64url, full length.</summary>
    public string? Y { get; init; }

    /// <summary>Modulus of an RSA key, base64url, without leading zeros.</summary>
    public string? N { get; init; }

    /// <summary>Public exponent of an RSA key, base64url, without leading zeros.</summary>
    public string? E { get; init; }

    /// <summary>Key id; a key without one is found by no token.</summary>
    public string? Kid { get; init; }

    /// <summary>Algorithm name, when the key states one.</summary>
    public string? Alg { get; init; }

    /// <summary><c>sig</c>, when the key states it.</summary>
    public string? Use { get; init; }

    /// <summary>The one algorithm this key verifies: what <see cref="Alg"/> says. Null when it says nothing, or one that we do not have.</summary>
    public JwsAlgorithm? Algorithm => JwsAlgorithms.TryParse(Alg, out var named) ? named : null;

    /// <summary>Parses one public key strictly.</summary>
    /// <param name="json">The key.</param>
    /// <param name="derivesAlgorithms">Whether a key that states no <c>alg</c> gets the one of its curve, or RS256 when it is RSA (RFC 9068 §2.1). Else such a key cannot be used.</param>
    /// <exception cref="FormatException">
    /// Not a key we can use: not JSON, a duplicate member, a private member, unknown type or curve, an RSA key outside 2048 to 8192 bits,
    /// a point that is not on its curve, or <c>crv</c> and <c>alg</c> that disagree. The message says which; it never quotes key material.
    /// </exception>
    public static Jwk Parse(string json, bool derivesAlgorithms)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = StrictJson.ParseObject(Encoding.UTF8.GetBytes(json), JwkReader.MaxDepth)
            ?? throw new FormatException("The key is not a JSON object without duplicate members.");
        var reading = JwkReader.Read(document.RootElement, derivesAlgorithms);
        return reading.Key ?? throw new FormatException(reading.Problem);
    }

    /// <summary>The key's JWK thumbprint: base64url of SHA-256 over its required members in order, 43 characters (RFC 7638 §3).</summary>
    public string Thumbprint()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, StrictJson.Writing))
        {
            writer.WriteStartObject();
            if (Kty == "EC")
            {
                writer.WriteString("crv"u8, Crv);
                writer.WriteString("kty"u8, Kty);
                writer.WriteString("x"u8, X);
                writer.WriteString("y"u8, Y);
            }
            else
            {
                writer.WriteString("e"u8, E);
                writer.WriteString("kty"u8, Kty);
                writer.WriteString("n"u8, N);
            }

            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(SHA256.HashData(buffer.WrittenSpan));
    }

    /// <summary>Writes the key as one JSON object; members without a value are left out.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        ReadOnlySpan<(string Name, string? Value)> members =
            [("kty", Kty), ("use", Use), ("alg", Alg), ("kid", Kid), ("crv", Crv), ("x", X), ("y", Y), ("n", N), ("e", E)];
        foreach (var (name, value) in members)
        {
            if (value is not null)
                writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    }
}
