using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Symbolon.Sessions;

namespace Symbolon.Refresh;

/// <summary>The refresh token: derived from a session, never stored.</summary>
/// <param name="Session">The session it belongs to.</param>
/// <param name="Generation">Depth in the family; the first token handed out has 1.</param>
/// <param name="Branch">Random: which child of its parent it is.</param>
/// <remarks>
/// DESIGN §3.2: <c>srt_</c> + base64url(version 1 ‖ MAC key id 1 ‖ sid 16 ‖ generation 4 big-endian ‖ branch 8 ‖ tag 16 ‖ proof 16).
/// The tag is checked before a store is touched [I5]; the proof needs the session row's salt, so that neither the keys nor a copy of
/// the database make a token alone [I1].
/// </remarks>
public readonly record struct RefreshToken(SessionId Session, int Generation, long Branch)
{
    /// <summary>Length of the text form, in characters.</summary>
    public const int Length = 87;

    /// <summary>The text form begins with this, so that secret scanners know it.</summary>
    public const string Prefix = "srt_";

    private const byte Version = 1;
    private const int BodySize = 1 + 1 + SessionId.Size + 4 + 8;
    private const int Size = BodySize + Bytes16.Size + Bytes16.Size;

    /// <summary>Writes the text form, under the active key.</summary>
    /// <param name="salt">The session row's salt.</param>
    /// <param name="keys">The keys.</param>
    public string Write(Bytes16 salt, RefreshTokenKeys keys)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        bytes[1] = keys.ActiveId;
        Session.Write(bytes[2..]);
        BinaryPrimitives.WriteInt32BigEndian(bytes[18..], Generation);
        BinaryPrimitives.WriteInt64BigEndian(bytes[22..], Branch);
        var key = keys.Find(keys.ActiveId)!;
        key.Tag(bytes[..BodySize]).Write(bytes[BodySize..]);
        key.Proof(bytes[..BodySize], salt).Write(bytes[(BodySize + Bytes16.Size)..]);
        Span<char> text = stackalloc char[Length];
        Prefix.CopyTo(text);
        Base64Url.EncodeToChars(bytes, text[Prefix.Length..]);
        return new string(text);
    }

    /// <summary>Reads the text form. What is not authentic is refused here, without a store.</summary>
    /// <param name="text">Untrusted, of any length.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="token">The token, when authentic.</param>
    public static RefreshTokenReading Read(ReadOnlySpan<char> text, RefreshTokenKeys keys, out AuthenticRefreshToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (!TryDecode(text, bytes)) return RefreshTokenReading.NotAuthentic;
        if (bytes[0] != Version || keys.Find(bytes[1]) is not { } key) return RefreshTokenReading.UnknownKey;

        var body = bytes[..BodySize];
        Span<byte> tag = stackalloc byte[Bytes16.Size];
        key.Tag(body).Write(tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, bytes.Slice(BodySize, Bytes16.Size))) return RefreshTokenReading.NotAuthentic;

        var generation = BinaryPrimitives.ReadInt32BigEndian(body[18..]);
        if (generation < 1) return RefreshTokenReading.NotAuthentic;
        token = new AuthenticRefreshToken(
            new RefreshToken(SessionId.Read(body[2..]), generation, BinaryPrimitives.ReadInt64BigEndian(body[22..])),
            bytes[1],
            Bytes16.Read(bytes[(BodySize + Bytes16.Size)..]));
        return RefreshTokenReading.Authentic;
    }

    /// <summary>Whether a token's proof was made with this session's salt. When not, a key has leaked.</summary>
    public static bool IsProven(AuthenticRefreshToken read, Bytes16 salt, RefreshTokenKeys keys)
    {
        Span<byte> body = stackalloc byte[BodySize], given = stackalloc byte[Bytes16.Size], expected = stackalloc byte[Bytes16.Size];
        body[0] = Version;
        body[1] = read.KeyId;
        read.Token.Session.Write(body[2..]);
        BinaryPrimitives.WriteInt32BigEndian(body[18..], read.Token.Generation);
        BinaryPrimitives.WriteInt64BigEndian(body[22..], read.Token.Branch);
        read.Proof.Write(given);
        keys.Find(read.KeyId)!.Proof(body, salt).Write(expected);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }

    // A token has exactly one text form. The framework's decoder takes padding and white space, so those go first; stray bits it refuses itself.
    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var encoded = text[Prefix.Length..];
        foreach (var c in encoded)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
        // Not TryDecodeFromChars: that one throws at stray bits.
        return Base64Url.DecodeFromChars(encoded, bytes, out _, out var written) == OperationStatus.Done && written == Size;
    }
}

/// <summary>A refresh token whose tag is right; its proof is checked against the session's row.</summary>
/// <param name="Token">The token.</param>
/// <param name="KeyId">The MAC key that made it.</param>
/// <param name="Proof">The proof that came along.</param>
public readonly record struct AuthenticRefreshToken(RefreshToken Token, byte KeyId, Bytes16 Proof);

/// <summary>What reading a refresh token found.</summary>
public enum RefreshTokenReading
{
    /// <summary>Not one of ours, or tampered with: refused, nothing touched.</summary>
    NotAuthentic,

    /// <summary>A version or key id this server does not know (yet): 503, so that a rolling key change logs nobody out.</summary>
    UnknownKey,

    /// <summary>The tag is right.</summary>
    Authentic,
}
