using System.Globalization;
using System.Text;
using Symbolon.Jose;
using static Symbolon.Access.AccessTokenSamples;

namespace Symbolon.Access;

/// <summary>Tokens that somebody spoilt, without end and the same for the same seed: begun from real ones, so that they get as far as anybody's can.</summary>
internal sealed class MalformedTokens(int seed)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static readonly string[] Pieces =
        ["{", "}", "[", "]", "\"", ":", ",", "\\", "\\ud800", "\\u0000", "1e999", "-0", "1E+400", "null", "9", "\"alg\":\"none\"", "\"crit\":[]", "\"exp\":1", "\"aud\":[]", "\u00e9", "\0"];

    private static readonly (JwsAlgorithm Algorithm, string Header)[] Kinds =
        [.. ((JwsAlgorithm[])[JwsAlgorithm.ES256, JwsAlgorithm.HS256, JwsAlgorithm.RS256]).Select(one => (one, $$"""{"alg":"{{one.Name()}}","kid":"{{TestKeys.For(one).Kid}}","typ":"at+jwt"}"""))];

    private static readonly string Full = Encoding.UTF8.GetString(FullClaims.ToUtf8Json()), Plain = Encoding.UTF8.GetString(Claims.ToUtf8Json());
    private readonly Random random = new(seed);

    /// <summary>The real ones.</summary>
    public static IReadOnlyList<string> Real { get; } = [.. Kinds.SelectMany(kind => (string[])[Token(kind, kind.Header, Full), Token(kind, kind.Header, Plain)])];

    /// <summary>The next one, and whether the holder of a key signed it as it is: only such a one may pass.</summary>
    public (string Token, bool IsSigned) Next()
    {
        if (random.Next(4) == 0) return Signed();
        var token = Any(Real);
        for (var times = random.Next(1, 4); times > 0; times--) token = Spoilt(token);
        return (token, false);
    }

    private string Spoilt(string token)
    {
        var at = random.Next(token.Length + 1);
        var (head, tail) = (token[..at], token[at..]);
        var parts = token.Split('.');
        switch (random.Next(15))
        {
            case 0: return tail.Length == 0 ? token : head + (char)(tail[0] ^ (1 << random.Next(7))) + tail[1..];
            case 1: return tail.Length == 0 ? token : head + (char)(tail[0] ^ (1 << random.Next(16))) + tail[1..];
            case 2: return head;
            case 3: return tail;
            case 4: return head + tail[Math.Min(tail.Length, random.Next(40))..];
            case 5: return head + Any(["=", "==", ".", "..", " ", "\n", "+", "/", "%2E", "\0", "é", "\ud83d"]) + tail;
            case 6: return head + Of(random.Next(1, 64)) + tail;
            case 7: return head + head + tail;
            case 8: (parts[0], parts[^1]) = (parts[^1], parts[0]); return string.Join('.', parts);
            case 9: parts[random.Next(parts.Length)] = Any(Any(Real).Split('.')); return string.Join('.', parts);
            case 10: parts[^1] = random.Next(3) switch { 0 => TestKeys.Encode(new byte[random.Next(1, 300)]), 1 => Of(random.Next(400)), _ => TestKeys.Encode(Bytes(64)) }; return string.Join('.', parts);
            case 11: parts[random.Next(parts.Length)] = TestKeys.Encode(Bytes(random.Next(1, 1_500))); return string.Join('.', parts);
            case 12: parts[0] = TestKeys.Encode(Encoding.UTF8.GetBytes(Json(Any(Kinds).Header, 1_400))); return string.Join('.', parts);
            case 13: parts[0] = TestKeys.Encode(Encoding.UTF8.GetBytes(Any(Kinds).Header.Replace(Any(["ES256", "es256", "HS256", "at+jwt", "kid"]), Any(["ES256", "es256", "none", "JWT", ""]), StringComparison.Ordinal))); return string.Join('.', parts);
            default: return head + Of(Near(random.Next(8) == 0 ? 100_000 : Jws.MaxLength) - Math.Min(token.Length, 4_000)) + tail;
        }
    }

    // The key holder signs what nobody should believe: whatever comes after the signature may not rely on it either.
    private (string Token, bool IsSigned) Signed()
    {
        var kind = random.Next(8) == 0 ? Any(Kinds) : Kinds[1]; // mostly HS256, which is quick to sign
        var header = random.Next(3) == 0 ? Json(kind.Header, JwsHeader.MaxLength + 20) : kind.Header;
        var token = random.Next(6) == 0 ? TestKeys.Forge(TestKeys.For(kind.Algorithm), Encoding.UTF8.GetBytes(header), Bytes(random.Next(1, 3_000))) : Token(kind, header, Json(Any([Full, Plain]), 6_500));
        return (token, true);
    }

    // An object, or what was one, and never larger than about the size.
    private string Json(string json, int size)
    {
        var room = Math.Max(1, size - json.Length);
        var at = random.Next(json.Length);
        return random.Next(7) switch
        {
            0 => json[..^1] + "," + json[1..],
            1 => json[..at] + Any(Pieces) + json[Math.Min(json.Length, at + random.Next(20))..],
            2 => json[..^1] + ",\"x\":" + Nested(random.Next(1, Math.Max(2, room / 4))) + "}",
            3 => json[..^1] + string.Concat(Enumerable.Range(0, random.Next(room / 6)).TakeWhile(i => 7 * i < room).Select(i => $",\"{i.ToString("x", CultureInfo.InvariantCulture)}\":0")) + "}",
            4 => json[..^1] + ",\"x\":\"" + string.Concat(Enumerable.Repeat(Any(["x", "\\u0061", "\\ud83d\\ude00", "é", "\\ud800"]), random.Next(room / 14) + 1)) + "\"}",
            5 => json[..^1] + ",\"exp\":" + Any(["", "-", "0."]) + "1" + new string('0', random.Next(room)) + "}",
            _ => json[..^1] + ",\"roles\":[\"\"" + string.Concat(Enumerable.Repeat(",\"\"", random.Next(Math.Max(1, (room / 3) - 4)))) + "]}",
        };
    }

    private string Nested(int depth) => random.Next(2) == 0 ? new string('[', depth) + new string(']', depth)
        : string.Concat(Enumerable.Repeat("{\"\":", depth / 2)) + "1" + new string('}', depth / 2);

    private int Near(int size) => random.Next(3) == 0 ? random.Next(size) : size + random.Next(-20, 20);

    private string Of(int length) => string.Create(Math.Max(0, length), random, (text, source) => source.GetItems(Letters, text));

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private T Any<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];

    private static string Token((JwsAlgorithm Algorithm, string Header) kind, string header, string payload) => TestKeys.Forge(TestKeys.For(kind.Algorithm), header, payload);
}
