using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Symbolon.Jose;

/// <summary>A set of public keys, as <c>/.well-known/jwks.json</c> answers it (RFC 7517 §5).</summary>
/// <param name="Keys">The keys that can be used, in the order of the set.</param>
public sealed record JwkSet(ImmutableArray<Jwk> Keys)
{
    /// <summary>Largest set that is read, in characters.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>
    /// Parses a set. Keys of a type, curve, algorithm, size or use that we do not have are ignored, as RFC 7517 §5 says; a private member
    /// anywhere, a malformed key, or two keys with one <c>kid</c> refuse the whole set.
    /// </summary>
    /// <param name="json">The set.</param>
    /// <param name="derivesAlgorithms">
    /// Whether a key that states no <c>alg</c>, as large issuers publish them, gets the one of its curve, or RS256 when it is RSA (RFC 9068 §2.1).
    /// Else it is ignored. It still has one only, and the token must name it.
    /// </param>
    /// <exception cref="FormatException">The set is refused; the message says why and never quotes key material.</exception>
    public static JwkSet Parse(string json, bool derivesAlgorithms)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > MaxLength)
            throw new FormatException($"The key set is larger than {MaxLength} characters.");
        using var document = StrictJson.ParseObject(Encoding.UTF8.GetBytes(json), JwkReader.MaxDepth)
            ?? throw new FormatException("The key set is not a JSON object without duplicate members.");
        if (!document.RootElement.TryGetProperty("keys", out var entries) || entries.ValueKind is not JsonValueKind.Array)
            throw new FormatException("The key set has no array 'keys'.");

        var keys = ImmutableArray.CreateBuilder<Jwk>();
        var kids = new HashSet<string>(StringComparer.Ordinal);
        var index = -1;
        foreach (var entry in entries.EnumerateArray())
        {
            index++;
            var reading = JwkReader.Read(entry, derivesAlgorithms);
            if (reading.IsUnsupported)
                continue;
            var key = reading.Key ?? throw new FormatException($"keys[{index}] of the set: {reading.Problem}");
            if (key.Kid is not null && !kids.Add(key.Kid))
                throw new FormatException("Two keys of the set have the same 'kid'.");
            keys.Add(key);
        }

        return new JwkSet(keys.ToImmutable());
    }

    /// <summary>Writes the set as JSON.</summary>
    /// <exception cref="InvalidOperationException">Two keys have the same <c>kid</c>.</exception>
    public string Write()
    {
        if (Keys.Where(k => k.Kid is not null).GroupBy(k => k.Kid, StringComparer.Ordinal).Any(g => g.Skip(1).Any()))
            throw new InvalidOperationException("Two keys of the set have the same 'kid'.");
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, StrictJson.Writing))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("keys"u8);
            foreach (var key in Keys)
                key.WriteTo(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
