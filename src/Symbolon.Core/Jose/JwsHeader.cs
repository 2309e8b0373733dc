using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Symbolon.Jose;

/// <summary>What a token's protected header says, as far as we listen. Not authentic until the signature is checked.</summary>
/// <param name="Algorithm">The member <c>alg</c>; null when absent or not a string.</param>
/// <param name="Kid">The member <c>kid</c>; null when absent or not a string.</param>
/// <param name="Type">The member <c>typ</c>; null when absent or not a string.</param>
/// <param name="HasExtensions">
/// True with <c>crit</c>, <c>zip</c> or <c>b64</c>, which change what the bytes mean. <c>jku</c>, <c>jwk</c>, <c>x5u</c> and <c>x5c</c>
/// are ignored like any unknown member: a token never brings its own key (RFC 8725 §3.10).
/// </param>
internal readonly record struct JwsHeader(string? Algorithm, string? Kid, string? Type, bool HasExtensions)
{
    public const int MaxLength = 1024;
    private const int MaxDepth = 4;

    /// <summary>Reads the decoded header; false when it is too large or not a JSON object as <see cref="StrictJson"/> wants it.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, out JwsHeader header)
    {
        header = default;
        if (json.Length > MaxLength)
            return false;
        using var document = StrictJson.ParseObject(json, MaxDepth);
        if (document is null)
            return false;
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.NameEquals("alg"u8))
                header = header with { Algorithm = Text(member) };
            else if (member.NameEquals("kid"u8))
                header = header with { Kid = Text(member) };
            else if (member.NameEquals("typ"u8))
                header = header with { Type = Text(member) };
            else if (member.NameEquals("crit"u8) || member.NameEquals("zip"u8) || member.NameEquals("b64"u8))
                header = header with { HasExtensions = true };
        }

        return true;
    }

    /// <summary>The header that we write, already in base64url: <c>alg</c>, <c>kid</c>, <c>typ</c> and nothing else.</summary>
    public static byte[] Encode(JwsAlgorithm algorithm, string kid, string type)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer, StrictJson.Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("alg"u8, algorithm.Name());
            writer.WriteString("kid"u8, kid);
            writer.WriteString("typ"u8, type);
            writer.WriteEndObject();
        }

        if (buffer.WrittenCount > MaxLength)
            throw new ArgumentException($"The header would have more than {MaxLength} bytes: shorten the key id or the type.", nameof(type));
        return Base64Url.EncodeToUtf8(buffer.WrittenSpan);
    }

    private static string? Text(JsonProperty member) => member.Value.ValueKind is JsonValueKind.String ? member.Value.GetString() : null;
}
