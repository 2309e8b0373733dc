using System.Numerics;

namespace Symbolon.Access;

/// <summary>Remembers tokens that passed, so that a signature is checked once: bounded, set-associative, never longer to search than one set.</summary>
/// <remarks>
/// Hashing a whole token would cost most of what it saves, so the last characters of the signature choose the set, and then all characters are compared.
/// Only tokens that passed are taken in, so nobody without a signed token can fill it, and whoever has many displaces the oldest of one set at a time. Safe for concurrent use.
/// </remarks>
public sealed class VerifiedTokens
{
    private const int Ways = 8, TailLength = 16;
    private readonly Lock _adding = new();
    private readonly Entry?[] _entries;
    private readonly int _mask;

    /// <summary>Makes room.</summary>
    /// <param name="capacity">The most tokens; rounded up to a power of two, at least 8. 0 remembers nothing.</param>
    public VerifiedTokens(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 24);
        Capacity = capacity == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, Ways));
        _entries = new Entry?[Capacity];
        _mask = (Capacity / Ways) - 1;
    }

    /// <summary>The most tokens.</summary>
    public int Capacity { get; }

    /// <summary>The token, if it passed before.</summary>
    public AuthenticToken? Find(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (Capacity == 0 || token.Length < TailLength)
            return null;
        foreach (var entry in Set(token))
        {
            if (entry is not null && string.Equals(entry.Token, token, StringComparison.Ordinal))
                return entry.Authentic;
        }

        return null;
    }

    /// <summary>Takes in a token that passed, in the place of the oldest of its set when that is full.</summary>
    public void Add(string token, AuthenticToken authentic)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(authentic);
        if (Capacity == 0 || token.Length < TailLength)
            return;
        lock (_adding)
        {
            var set = Set(token);
            var oldest = 0;
            for (var way = 0; way < Ways; way++)
            {
                if (set[way] is not { } held || string.Equals(held.Token, token, StringComparison.Ordinal))
                {
                    oldest = way;
                    break;
                }

                if (held.Authentic.Claims.ExpiresAt < set[oldest]!.Authentic.Claims.ExpiresAt)
                    oldest = way;
            }

            Volatile.Write(ref set[oldest], new Entry(token, authentic));
        }
    }

    private Span<Entry?> Set(string token)
    {
        var tail = token.AsSpan(token.Length - TailLength);
        var hash = default(HashCode);
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(tail));
        return _entries.AsSpan((hash.ToHashCode() & _mask) * Ways, Ways);
    }

    private sealed record Entry(string Token, AuthenticToken Authentic);
}
