using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Symbolon.Jose;

namespace Symbolon.Revocation;

/// <summary>An id in the form in which a denylist keeps it and is searched for it. Two ids have equal keys only when they are equal texts.</summary>
/// <param name="High">The first eight bytes of a short form.</param>
/// <param name="Low">The last eight.</param>
/// <param name="Shape">What the sixteen bytes are; <see cref="None"/> for no id, <see cref="Other"/> for an id that has no short form.</param>
/// <param name="Text">The id when it has no short form.</param>
/// <remarks>
/// A UUID as we write it, sixteen bytes in base64url as we write them, and up to sixteen ASCII characters become sixteen bytes; each of these can be turned back, so nothing is mistaken for
/// anything else. A UUID in upper case is another text and stays one.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RevocationKey(ulong High, ulong Low, byte Shape, string? Text)
{
    public const byte None = 0, Uuid = 1, Base64 = 2, Short = 2, Other = 255; // a short text's shape is Short + its length, so 3 to 18
    private const int Size = 16, UuidLength = 36, Base64Length = 22;

    // Different in each process, so that nobody can choose ids that collide.
    private static readonly ulong Seed = ((ulong)(uint)HashCode.Combine(1) << 32) | (uint)HashCode.Combine(2);

    /// <summary>The key of an id; an absent or empty id has none and matches nothing.</summary>
    public static RevocationKey Of(string? id)
    {
        if (string.IsNullOrEmpty(id))
            return default;
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        var shape = id.Length switch
        {
            UuidLength when IsUuid(id, bytes) => Uuid,
            Base64Length when IsBase64(id, bytes) => Base64,
            <= Size when Ascii.IsValid(id) && Encoding.ASCII.GetBytes(id, bytes) > 0 => (byte)(Short + id.Length),
            _ => Other,
        };
        return shape == Other ? new RevocationKey(0, 0, Other, id)
            : new RevocationKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), shape, null);
    }

    /// <summary>Where the id stands in tables and filters; the same for all kinds of entry.</summary>
    public ulong Hash() => Text is null ? Hash(High, Low, Shape) : Hash((uint)Text.GetHashCode(StringComparison.Ordinal), 0, Shape);

    /// <summary>The hash of a short form.</summary>
    public static ulong Hash(ulong high, ulong low, byte shape) => Mix(Mix(high ^ Seed, low ^ 0x9E37_79B9_7F4A_7C15) ^ shape, ~Seed | 1);

    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }

    private static bool IsUuid(string id, Span<byte> bytes)
    {
        Span<char> written = stackalloc char[UuidLength];
        return Guid.TryParseExact(id, "D", out var uuid) && uuid.TryFormat(written, out _, "D") && written.SequenceEqual(id) && uuid.TryWriteBytes(bytes, bigEndian: true, out _);
    }

    private static bool IsBase64(string id, Span<byte> bytes)
    {
        Span<byte> text = stackalloc byte[Base64Length];
        Encoding.ASCII.GetBytes(id, text); // what is not ASCII becomes '?', which is outside the alphabet
        return StrictBase64Url.IsCanonical(text) && StrictBase64Url.Decode(text, bytes).Length == Size;
    }
}
