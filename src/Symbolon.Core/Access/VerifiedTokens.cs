using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Symbolon.Access;

/// <summary>Remembers tokens that passed, so that a signature is checked once: bounded, set-associative, never longer to search than one set of eight.</summary>
/// <remarks>
/// Hashing a whole token would cost most of what it saves, so the last characters of the signature choose the set and a tag, and a token whose tag is right is compared to the last character.
/// Waiting for memory is what a search costs. So texts stand in a table beside that of the tokens, and a search comes in two steps, a guess and its comparison, that can wait at once.
/// A full set gives up the token that it has held longest, whatever that one says of its own life: so nothing in a token can make it stay, and eight new ones in a set displace all before them.
/// Only tokens that passed are taken in, so nobody without signed tokens can fill it. Safe for concurrent use: a search takes no lock.
/// </remarks>
internal sealed class VerifiedTokens
{
    /// <summary>The longest token that is remembered, in characters. Longer ones are verified each time: so the capacity bounds the memory, whatever an issuer puts into tokens.</summary>
    public const int MaxLength = 4 * 1024;

    private const int Ways = 8, TailLength = 16;
    private static readonly ulong Seed = ((ulong)(uint)HashCode.Combine(3) << 32) | (uint)HashCode.Combine(4);
    private readonly Lock _adding = new();
    private readonly int[] _tags;
    private readonly byte[]?[] _texts;
    private readonly AuthenticToken?[] _tokens;
    private readonly byte[] _oldest;

    /// <summary>Makes room.</summary>
    /// <param name="capacity">The most tokens; rounded up to a power of two, at least 8. 0 remembers nothing.</param>
    public VerifiedTokens(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 24);
        Capacity = capacity == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, Ways));
        (_tags, _texts, _tokens, _oldest) = (new int[Capacity], new byte[]?[Capacity], new AuthenticToken?[Capacity], new byte[Capacity / Ways]);
    }

    /// <summary>The most tokens.</summary>
    public int Capacity { get; }

    /// <summary>The one token that may be this one, going by the tag alone: it is, when <see cref="VerifiedGuess.IsRight"/> says so. Allocates nothing.</summary>
    public VerifiedGuess Guess(ReadOnlySpan<char> token)
    {
        if (!IsRemembered(token))
            return default;
        var (first, tag) = Place(token);
        var ways = Matches(first, tag);
        return ways == 0 ? default : At(first, ways);
    }

    /// <summary>The token, if it passed before. Allocates nothing.</summary>
    public AuthenticToken? Find(ReadOnlySpan<char> token)
    {
        if (!IsRemembered(token))
            return null;
        var (first, tag) = Place(token);
        for (var ways = Matches(first, tag); ways != 0; ways &= ways - 1)
        {
            var guess = At(first, ways);
            if (guess.IsRight(token))
                return guess.Token;
        }

        return null;
    }

    /// <summary>Takes in a token that passed, in the place of the oldest of its set when that is full.</summary>
    /// <param name="token">The token as it came.</param>
    /// <param name="authentic">What verifying just this token gave.</param>
    public void Add(ReadOnlySpan<char> token, AuthenticToken authentic)
    {
        ArgumentNullException.ThrowIfNull(authentic);
        if (!IsRemembered(token))
            return;
        if (!Ascii.Equals(authentic.Text, token))
            throw new ArgumentException("What is to be remembered was not made from this token.", nameof(authentic));
        var (first, tag) = Place(token);
        lock (_adding)
        {
            if (Find(token) is not null)
                return; // two requests met it for the first time at once
            ref var oldest = ref _oldest[first / Ways];
            var at = first + oldest;
            oldest = (byte)((oldest + 1) % Ways);
            _tags[at] = tag;
            Volatile.Write(ref _texts[at], authentic.Text);
            Volatile.Write(ref _tokens[at], authentic);
        }
    }

    private VerifiedGuess At(int first, uint ways)
    {
        var at = first + BitOperations.TrailingZeroCount(ways);
        return new VerifiedGuess(Volatile.Read(ref _tokens[at]), Volatile.Read(ref _texts[at]));
    }

    private uint Matches(int first, int tag) => Vector256.Equals(Vector256.Create(tag), Vector256.Create(_tags.AsSpan(first, Ways))).ExtractMostSignificantBits();

    private bool IsRemembered(ReadOnlySpan<char> token) => Capacity > 0 && token.Length is >= TailLength and <= MaxLength;

    /// <summary>Where the token's set begins, and its tag.</summary>
    private (int First, int Tag) Place(ReadOnlySpan<char> token)
    {
        var tail = MemoryMarshal.Cast<char, ulong>(token[^TailLength..]);

        // Four characters of seven bits each lie in a word; shifted against each other, all bits of two words stand side by side.
        var high = Math.BigMul((tail[0] | (tail[1] << 8)) ^ Seed, (tail[2] | (tail[3] << 8)) ^ ~Seed, out ulong low);
        var hash = high ^ low;
        return ((int)(hash >> 32) & (Capacity - 1) & -Ways, (int)hash);
    }
}

/// <summary>What a tag led to.</summary>
/// <param name="Token">The token; null when there is none.</param>
/// <param name="Text">A token as it came, which need not be this one's: while somebody writes to a place, its parts may be of different ages.</param>
internal readonly record struct VerifiedGuess(AuthenticToken? Token, byte[]? Text)
{
    /// <summary>True when it is the token asked for, to the last character.</summary>
    public bool IsRight(ReadOnlySpan<char> token) => Text is not null && Ascii.Equals(Text, token) && ReferenceEquals(Token?.Text, Text);
}
