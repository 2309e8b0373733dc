using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Symbolon.Jose;

/// <summary>base64url in its one canonical form: no padding, no white space, no stray bits.</summary>
/// <remarks>RFC 7515 §2 and RFC 4648 §3.5. The framework's decoder accepts padding and white space, so the text is checked before it.</remarks>
internal static class StrictBase64Url
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    public static bool IsCanonical(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.Length % 4 == 1 || text.IndexOfAnyExcept(Alphabet) >= 0)
            return false;
        var strayBits = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return (Value(text[^1]) & strayBits) == 0;
    }

    /// <summary>Decodes text that is known to be canonical; returns the part of <paramref name="destination"/> that was written.</summary>
    public static Span<byte> Decode(ReadOnlySpan<byte> text, Span<byte> destination) =>
        destination[..Base64Url.DecodeFromUtf8(text, destination)];

    public static bool TryDecode([NotNullWhen(true)] string? text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text is null || !Ascii.IsValid(text))
            return false;
        var utf8 = Encoding.ASCII.GetBytes(text);
        if (!IsCanonical(utf8))
            return false;
        bytes = Base64Url.DecodeFromUtf8(utf8);
        return true;
    }

    private static int Value(byte letter) => letter switch
    {
        >= (byte)'A' and <= (byte)'Z' => letter - 'A',
        >= (byte)'a' and <= (byte)'z' => letter - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => letter - '0' + 52,
        (byte)'-' => 62,
        _ => 63,
    };
}
