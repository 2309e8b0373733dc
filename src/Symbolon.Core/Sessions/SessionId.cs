using System.Diagnostics.CodeAnalysis;

namespace Symbolon.Sessions;

/// <summary>The id of one session: a UUIDv7. Knowing it is never enough to use or to end a session.</summary>
/// <param name="Value">The UUID.</param>
/// <remarks>DESIGN §3.2. Written in lower case with hyphens; 16 bytes in big-endian order, so that bytes sort as time.</remarks>
public readonly record struct SessionId(Guid Value) : IComparable<SessionId>
{
    /// <summary>Length of the binary form, in bytes.</summary>
    public const int Size = 16;

    /// <summary>Reads the 16 bytes of the binary form.</summary>
    public static SessionId Read(ReadOnlySpan<byte> bytes) => new(new Guid(bytes[..Size], bigEndian: true));

    /// <summary>Writes the 16 bytes of the binary form.</summary>
    public void Write(Span<byte> destination) => Value.TryWriteBytes(destination, bigEndian: true, out _);

    /// <summary>The binary form in an array of its own.</summary>
    public byte[] ToBytes() => Value.ToByteArray(bigEndian: true);

    /// <summary>Reads the text form; upper case, braces and the like are refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SessionId id)
    {
        // The framework's parser drops white space around; 36 characters leave no room for it.
        var read = Guid.TryParseExact(text, "D", out var value) && text!.Length == 36 && !text.AsSpan().ContainsAnyInRange('A', 'F');
        id = read ? new SessionId(value) : default;
        return read;
    }

    /// <inheritdoc/>
    public int CompareTo(SessionId other)
    {
        Span<byte> mine = stackalloc byte[Size], theirs = stackalloc byte[Size];
        Write(mine);
        other.Write(theirs);
        return mine.SequenceCompareTo(theirs);
    }

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(SessionId left, SessionId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(SessionId left, SessionId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts before or with <paramref name="right"/>.</summary>
    public static bool operator <=(SessionId left, SessionId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after or with <paramref name="right"/>.</summary>
    public static bool operator >=(SessionId left, SessionId right) => left.CompareTo(right) >= 0;

    /// <summary>The text form, as in the claim <c>sid</c>.</summary>
    public override string ToString() => Value.ToString("D");
}
