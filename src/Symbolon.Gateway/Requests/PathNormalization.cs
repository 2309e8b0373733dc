using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Symbolon.Gateway.Requests;

/// <summary>Brings a request's path into the one form that rules are compared with, and refuses every path that two servers may read differently.</summary>
/// <remarks>
/// What comes through is decoded text, without the query.
/// What is refused is what some server behind the proxy would resolve, cut off, join or decode once more, so that it would serve another path than the one judged:
/// dot segments, empty segments, backslashes, path parameters (<c>;</c>), fragments, encoded slashes, question marks and fragments, control characters, double encodings, text that is not UTF-8,
/// segments that end in a dot or white space or name an NTFS stream (<c>:$</c>), which Windows cuts off, and letters that stand apart from their marks.
/// Browsers and HTTP libraries resolve dot segments before they send. RFC 3986 §6.2.2; RFC 9110 §4.2.3.
/// </remarks>
internal static class PathNormalization
{
    /// <summary>The longest request target that is read, with its query.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>Normalises the path of a request target in origin form. Pure; the same for what it answers, encoded again.</summary>
    /// <param name="target">The target as it came, with its query.</param>
    /// <param name="path">The path that has one reading, decoded: rules compare this.</param>
    /// <returns>False when it is refused.</returns>
    public static bool TryNormalize(string target, [NotNullWhen(true)] out string? path)
    {
        path = null;
        if (target.Length is 0 or > MaxLength || target[0] != '/') return false;
        var end = target.IndexOf('?', StringComparison.Ordinal);
        if (!TryDecode(end < 0 ? target : target.AsSpan(0, end), out var decoded) || !HasPlainSegments(decoded)) return false;
        path = decoded;
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
            if (value is < (byte)' ' or 0x7f or (byte)'/' or (byte)'\\' or (byte)';' or (byte)'?' or (byte)'#') return false;
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
        return !text.Any(static c => char.IsControl(c) || IsJoined(c));
    }

    // What Unicode's normal form C joins to the letter before, or replaces. Some services and file systems apply it, and then a rule's /café holds for what was not /café here.
    // By block, and refused: where globalization is invariant, as here, the framework calls every text normal. Marks of Indic scripts stand in normal text too, and are left.
    private static bool IsJoined(char c) => c is (>= '\u0300' and <= '\u036f') // accents
        or (>= '\u1100' and <= '\u11ff') or (>= '\ua960' and <= '\ua97f') or (>= '\ud7b0' and <= '\ud7ff') or '\u3099' or '\u309a' // parts of Hangul syllables, kana's voice marks
        or '\u037e' or '\u1fef' or '\u2126' or '\u212a' or '\u212b' or (>= '\uf900' and <= '\ufaff'); // second code points of other characters: K of Kelvin

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
            if (IsCutOff(segment)) return false;
            if (slash < 0) return true;
            if (segment.IsEmpty) return false;
            start = slash + 1;
        }
    }

    // "." and ".." too.
    private static bool IsCutOff(ReadOnlySpan<char> segment) => segment is [.., var last] && (last == '.' || char.IsWhiteSpace(last) || segment.Contains(":$", StringComparison.Ordinal));
}
