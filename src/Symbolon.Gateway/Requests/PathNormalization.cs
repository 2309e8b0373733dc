using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Symbolon.Gateway.Requests;

/// <summary>Brings a request's path into the one form that rules are compared with, and refuses every path that two servers may read differently.</summary>
/// <remarks>
/// What comes through is: percent-encodings decoded where they need not be, upper case where they must, no query.
/// What is refused is what some server behind the proxy would resolve, cut off or decode once more, so that it would serve another path than the one judged:
/// dot segments, empty segments, backslashes, path parameters (<c>;</c>), fragments, encoded slashes, control characters, double encodings, text that is not UTF-8.
/// Browsers and HTTP libraries resolve dot segments before they send. RFC 3986 §6.2.2; RFC 9110 §4.2.3.
/// </remarks>
internal static class PathNormalization
{
    /// <summary>The longest request target that is read, with its query.</summary>
    public const int MaxLength = 16 * 1024;

    private const string Kept = "-._~!$&'()*+,=:@/"; // pchar of RFC 3986 but for ';', and the slash

    /// <summary>Normalises the path of a request target in origin form. Pure; the same for what it answers.</summary>
    /// <param name="target">The target as it came, with its query.</param>
    /// <param name="path">The normalised path.</param>
    /// <returns>False when it is refused.</returns>
    public static bool TryNormalize(string target, out NormalizedPath path)
    {
        path = default;
        if (target.Length is 0 or > MaxLength || target[0] != '/') return false;
        var end = target.IndexOf('?', StringComparison.Ordinal);
        if (!TryDecode(end < 0 ? target : target.AsSpan(0, end), out var decoded) || !HasPlainSegments(decoded)) return false;
        path = new NormalizedPath(decoded, Encode(decoded));
        return true;
    }

    private static bool TryDecode(ReadOnlySpan<char> raw, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        var bytes = new byte[raw.Length];
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (c is <= ' ' or >= '\x7f' or '\\' or ';' or '#') return false;
            if (c != '%')
            {
                bytes[length++] = (byte)c;
                continue;
            }

            if (i + 2 >= raw.Length || !char.IsAsciiHexDigit(raw[i + 1]) || !char.IsAsciiHexDigit(raw[i + 2])) return false;
            var value = Convert.ToByte(raw.Slice(i + 1, 2).ToString(), 16);
            if (value is < (byte)' ' or 0x7f or (byte)'/' or (byte)'\\' or (byte)';') return false;
            bytes[length++] = value;
            i += 2;
        }

        return TryUtf8(bytes.AsSpan(0, length), out decoded) && !HasHiddenEncoding(decoded);
    }

    private static bool TryUtf8(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!System.Text.Unicode.Utf8.IsValid(bytes)) return false;
        text = Encoding.UTF8.GetString(bytes);
        return !text.Any(char.IsControl);
    }

    // Whoever decodes once more would find an encoding here: %252e, or %25%32e.
    private static bool HasHiddenEncoding(string decoded)
    {
        for (var i = decoded.IndexOf('%', StringComparison.Ordinal); i >= 0; i = decoded.IndexOf('%', i + 1))
        {
            if (i + 2 < decoded.Length && char.IsAsciiHexDigit(decoded[i + 1]) && char.IsAsciiHexDigit(decoded[i + 2])) return true;
        }

        return false;
    }

    private static bool HasPlainSegments(string decoded)
    {
        for (var start = 1; ;)
        {
            var slash = decoded.IndexOf('/', start);
            var segment = decoded.AsSpan(start, (slash < 0 ? decoded.Length : slash) - start);
            if (segment is "." or "..") return false;
            if (slash < 0) return true;
            if (segment.IsEmpty) return false;
            start = slash + 1;
        }
    }

    private static string Encode(string decoded)
    {
        var text = new StringBuilder(decoded.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in decoded.EnumerateRunes())
        {
            if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || Kept.Contains((char)rune.Value, StringComparison.Ordinal)))
            {
                text.Append((char)rune.Value);
                continue;
            }

            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)]) text.Append('%').Append(Convert.ToHexString([value]));
        }

        return text.ToString();
    }
}

/// <summary>A path that has one reading.</summary>
/// <param name="Decoded">Its text, as rules compare it.</param>
/// <param name="Text">The same, as it stands in a request.</param>
internal readonly record struct NormalizedPath(string Decoded, string Text);
