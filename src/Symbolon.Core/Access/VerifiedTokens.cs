using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Symbolon.Access;

/// <summary>Remembers tokens that passed, so that a signature is checked once: bounded, set-associative, never longer to search than one set of eight.</summary>
/// <remarks>
/// Hashing a whole token would cost most of what it saves, so the last characters of the signature choose the set and a tag, and a token whose tag is right is compared to the last character.
/// A full set gives up the token that it has held longest, whatever that one says of its own life: so nothing in a token can make it stay, and eight new ones in a set displace all before them.
/// Only tokens that passed are taken in, so nobody without signed tokens can fill it. Safe for concurrent use: a search takes no lock.
/// </remarks>
public sealed class VerifiedTokens
{
    /// <summary>The longest token that is remembered, in characters. Longer ones are verified each time: so the capacity bounds the memory, whatever an issuer puts into tokens.</summary>
    public const int MaxLength = 4 * 1024;

    private const int Ways = 8, TailLength = 16;
    private static readonly ulong Seed = ((ulong)(uint)HashCode.Combine(3) << 32) | (uint)HashCode.Combine(4);
    private readonly Lock _adding = new();
    private readonly int[] _tags;
    private readonly Entry?[] _entries;
    private readonly byte[] _oldest;

    /// <summary>Makes room.</summary>
    /// <param name="capacity">The most tokens; rounded up to a power of two, at least 8. 0 remembers nothing.</param>
    public VerifiedTokens(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 24);
        Capacity = capacity == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, Ways));
        (_tags, _entries, _oldest) = (new int[Capacity], new Entry?[Capacity], new byte[Capacity / Ways]);
    }

    /// <summary>The most tokens.</summary>
    public int Capacity { get; }

    /// <summary>The token, if it passed before. Allocates nothing.</summary>
    public AuthenticToken? Find(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (!IsRemembered(token))
            return null;
        var (first, tag) = Place(token);
        var ways = Vector256.Equals(Vector256.Create(tag), Vector256.Create(_tags.AsSpan(first, Ways))).ExtractMostSignificantBits();
        for (; ways != 0; ways &= ways - 1)
        {
            // Tags are written before entries and without a lock for us, so a tag only says where to look: the comparison decides.
            if (Volatile.Read(ref _entries[first + BitOperations.TrailingZeroCount(ways)]) is { } entry && Ascii.Equals(entry.Text, token))
                return entry.Authentic;
        }

        return null;
    }

    /// <summary>Takes in a token that passed, in the place of the oldest of its set when that is full.</summary>
    public void Add(string token, AuthenticToken authentic)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(authentic);
        if (!IsRemembered(token) || !Ascii.IsValid(token))
            return;
        var entry = new Entry(Encoding.ASCII.GetBytes(token), authentic);
        var (first, tag) = Place(token);
        lock (_adding)
        {
            if (Find(token) is not null)
                return; // two requests met it for the first time at once
            ref var oldest = ref _oldest[first / Ways];
            _tags[first + oldest] = tag;
            Volatile.Write(ref _entries[first + oldest], entry);
            oldest = (byte)((oldest + 1) % Ways);
        }
    }

    private bool IsRemembered(string token) => Capacity > 0 && token.Length is >= TailLength and <= MaxLength;

    /// <summary>Where the token's set begins, and its tag.</summary>
    private (int First, int Tag) Place(string token)
    {
        var tail = MemoryMarshal.Cast<char, ulong>(token.AsSpan(token.Length - TailLength));

        // Four characters of seven bits each lie in a word; shifted against each other, all bits of two words stand side by side.
        var high = Math.BigMul((tail[0] | (tail[1] << 8)) ^ Seed, (tail[2] | (tail[3] << 8)) ^ ~Seed, out ulong low);
        var hash = high ^ low;
        return ((int)(hash >> 32) & (Capacity - 1) & -Ways, (int)hash);
    }

    private sealed record Entry(byte[] Text, AuthenticToken Authentic);
}
