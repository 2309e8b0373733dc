using System.Diagnostics.CodeAnalysis;

namespace Symbolon.Sessions;

/// <summary>Up to four hashes of the attempt ids that came with the confirmed token.</summary>
/// <remarks>
/// An attempt id (header <c>Symbolon-Attempt</c>) lets the client that made a rotation ask again after a lost response. The first four are
/// kept, the rotation's own among them: whoever merely floods must not push the honest one out. DESIGN §4.1.
/// </remarks>
public readonly record struct AttemptHashes
{
    /// <summary>The most that are kept.</summary>
    public const int Most = 4;

    private readonly Bytes16 first, second, third, fourth;

    private AttemptHashes(ReadOnlySpan<Bytes16> hashes)
    {
        Count = hashes.Length;
        first = Count > 0 ? hashes[0] : default;
        second = Count > 1 ? hashes[1] : default;
        third = Count > 2 ? hashes[2] : default;
        fourth = Count > 3 ? hashes[3] : default;
    }

    /// <summary>How many are kept, 0 to 4.</summary>
    public int Count { get; }

    /// <summary>The attempt of a rotation, when it had one.</summary>
    public static AttemptHashes Of(Bytes16? attempt) => attempt is { } hash ? new([hash]) : default;

    /// <summary>Whether an attempt is among them.</summary>
    public bool Contains([NotNullWhen(true)] Bytes16? attempt) =>
        attempt is { } hash
        && ((Count > 0 && first == hash) || (Count > 1 && second == hash) || (Count > 2 && third == hash) || (Count > 3 && fourth == hash));

    /// <summary>These and one more, unless it is known, null, or four are kept already.</summary>
    public AttemptHashes With(Bytes16? attempt) =>
        attempt is not { } hash || Count == Most || Contains(hash) ? this
        : Count switch { 0 => new([hash]), 1 => new([first, hash]), 2 => new([first, second, hash]), _ => new([first, second, third, hash]) };

    /// <summary>The stored form: 16 bytes each, in order.</summary>
    public byte[] ToBytes()
    {
        if (Count == 0) return [];
        Span<byte> bytes = stackalloc byte[Most * Bytes16.Size];
        first.Write(bytes);
        second.Write(bytes[16..]);
        third.Write(bytes[32..]);
        fourth.Write(bytes[48..]);
        return bytes[..(Count * Bytes16.Size)].ToArray();
    }

    /// <summary>Reads the stored form.</summary>
    public static AttemptHashes Read(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length / Bytes16.Size, Most);
        Span<Bytes16> hashes = stackalloc Bytes16[Most];
        for (var i = 0; i < count; i++) hashes[i] = Bytes16.Read(bytes[(i * Bytes16.Size)..]);
        return new(hashes[..count]);
    }
}
