using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace Symbolon.Jose;

/// <summary>Signed tokens in compact form (RFC 7515 §7.1).</summary>
public static class Jws
{
    /// <summary>The media type of an access token without <c>application/</c> (RFC 9068 §2.1).</summary>
    public const string AccessTokenType = "at+jwt";

    /// <summary>Largest token that is read or written, in bytes.</summary>
    public const int MaxLength = 8 * 1024;

    /// <summary>Signs a payload. The header is exactly <c>{"alg","kid","typ"}</c>.</summary>
    /// <param name="key">Key that signs.</param>
    /// <param name="payload">The bytes to sign; for a JWT its claims as UTF-8 JSON.</param>
    /// <param name="type">The header's <c>typ</c> (RFC 8725 §3.11: explicit, so that one kind of token is never taken for another).</param>
    /// <exception cref="ArgumentException">The token would be larger than <see cref="MaxLength"/>.</exception>
    /// <example><code>var token = Jws.Sign(key, claims.ToUtf8Json());</code></example>
    public static string Sign(SigningKey key, ReadOnlySpan<byte> payload, string type = AccessTokenType)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(type);
        var header = type == AccessTokenType ? key.EncodedAccessTokenHeader : JwsHeader.Encode(key.Algorithm, key.Kid, type);
        var (signedLength, length) = Lengths(header, payload.Length, key);
        if (length > MaxLength)
            throw new ArgumentException($"The token would have {length} bytes; at most {MaxLength} are allowed.", nameof(payload));

        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var token = buffer.AsSpan(0, length);
        header.CopyTo(token);
        token[header.Length] = (byte)'.';
        Base64Url.EncodeToUtf8(payload, token[(header.Length + 1)..]);
        Span<byte> signature = stackalloc byte[key.SignatureLength];
        key.Sign(token[..signedLength], signature);
        token[signedLength] = (byte)'.';
        Base64Url.EncodeToUtf8(signature, token[(signedLength + 1)..]);
        var text = Encoding.ASCII.GetString(token);
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    /// <summary>How long the access token with such a payload will be.</summary>
    internal static int Length(SigningKey key, int payloadLength) => Lengths(key.EncodedAccessTokenHeader, payloadLength, key).Whole;

    /// <summary>Splits a compact token: at most 8 KiB, three parts, each not empty and in canonical base64url.</summary>
    /// <remarks>RFC 8725 §3.6 and RFC 7515 §5.2, before anything is decoded or believed.</remarks>
    internal static bool TrySplit(ReadOnlySpan<byte> token, out JwsParts parts)
    {
        parts = default;
        if (token.Length > MaxLength)
            return false;
        var header = token.IndexOf((byte)'.');
        if (header < 0)
            return false;
        var payload = token[(header + 1)..].IndexOf((byte)'.');
        if (payload < 0)
            return false;
        parts = new JwsParts(header, payload);
        return StrictBase64Url.IsCanonical(token[parts.Header])
            && StrictBase64Url.IsCanonical(token[parts.Payload])
            && StrictBase64Url.IsCanonical(token[parts.Signature]); // a third dot is outside the alphabet
    }

    private static (int Signed, int Whole) Lengths(byte[] header, int payloadLength, SigningKey key)
    {
        var signed = header.Length + 1 + Base64Url.GetEncodedLength(payloadLength);
        return (signed, signed + 1 + Base64Url.GetEncodedLength(key.SignatureLength));
    }
}

/// <summary>Where the parts of a compact token lie.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JwsParts(int HeaderLength, int PayloadLength)
{
    public Range Header => ..HeaderLength;

    public Range Payload => (HeaderLength + 1)..(HeaderLength + 1 + PayloadLength);

    /// <summary>Header, dot and payload: what is signed.</summary>
    public Range Signed => ..(HeaderLength + 1 + PayloadLength);

    public Range Signature => (HeaderLength + 2 + PayloadLength)..;
}
