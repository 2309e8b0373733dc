using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Storage.Copy;

/// <summary>How many rows a table has, and the SHA-256 of them all.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Sha256">Over all rows in the order of their key, in hex.</param>
internal sealed record TableSum(long Rows, string Sha256);

/// <summary>Sums a table up, row by row, by the same code whichever engine gave the rows.</summary>
/// <remarks>Each value is a tag and its bytes: 0 for null; 1 and eight bytes, big-endian; 2 and 3, a length of four bytes and UTF-8 or bytes.</remarks>
internal sealed class TableSumming : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> buffer = new(1024);
    private long rows;

    public void Add(object?[] row)
    {
        foreach (var value in row) Write(value);
        hash.AppendData(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
        rows++;
    }

    public TableSum End() => new(rows, Convert.ToHexStringLower(hash.GetHashAndReset()));

    public void Dispose() => hash.Dispose();

    private void Write(object? value)
    {
        switch (value)
        {
            case null: Tag(0); break;
            case long number:
                Tag(1);
                BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(8), number);
                buffer.Advance(8);
                break;
            case string text:
                Tag(2);
                Length(Encoding.UTF8.GetByteCount(text));
                Encoding.UTF8.GetBytes(text, buffer);
                break;
            case byte[] bytes:
                Tag(3);
                Length(bytes.Length);
                buffer.Write(bytes);
                break;
            default: throw new ArgumentException($"A row holds no {value.GetType().Name}.");
        }
    }

    private void Tag(byte tag) => buffer.Write([tag]);

    private void Length(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(4), length);
        buffer.Advance(4);
    }
}
