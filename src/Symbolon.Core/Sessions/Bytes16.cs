using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Sessions;

/// <summary>Sixteen bytes with value equality: a salt, or a digest cut to 128 bits.</summary>
public readonly record struct Bytes16(UInt128 Value)
{
    /// <summary>Length, in bytes.</summary>
    public const int Size = 16;

    /// <summary>Reads the first sixteen bytes.</summary>
    public static Bytes16 Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes sixteen bytes.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>The bytes in an array of their own.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    /// <summary>SHA-256 of a text's UTF-8, cut to 128 bits: for random secrets (ASVS 6.5.2), for comparing stamps, and for counters that should not show names.</summary>
    public static Bytes16 HashOf(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return Read(digest);
    }
}
