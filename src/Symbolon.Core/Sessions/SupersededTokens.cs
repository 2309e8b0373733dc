using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Symbolon.Sessions;

/// <summary>The tokens that were confirmed until a moment ago: a request that carried one of them may still be under way.</summary>
/// <remarks>
/// Rule 10 of the rotation (docs/refresh-rotation.md). Known one by one and not by generation: a sibling that was never confirmed is nobody's
/// request under way, and a token that several rotations have overtaken still is. Only the last few within settle are kept: as a rule, one.
/// </remarks>
public readonly struct SupersededTokens : IEquatable<SupersededTokens>
{
    /// <summary>The most that are kept: as many rotations may overtake one request.</summary>
    public const int Most = 8;

    private const int EntrySize = 4 + 8 + 8;
    private const int AnyBranch = int.MinValue; // generations end at 2^31 - 1, so the sign is free

    private readonly ImmutableArray<Entry> entries;

    private SupersededTokens(ImmutableArray<Entry> entries) => this.entries = entries;

    /// <summary>How many are kept, 0 to 8.</summary>
    public int Count => Entries.Length;

    private ReadOnlySpan<Entry> Entries => entries.AsSpan(); // empty for default

    /// <summary>Whether a token was superseded less than <paramref name="settle"/> ago.</summary>
    public bool Contains(int generation, long branch, DateTimeOffset now, TimeSpan settle)
    {
        foreach (var entry in Entries)
            if (entry.Is(generation, branch) && entry.IsWithin(settle, now)) return true;
        return false;
    }

    /// <summary>These without what is older than <paramref name="settle"/>, and the session's confirmed token, which is superseded now.</summary>
    /// <param name="session">The session before the rotation.</param>
    /// <param name="now">Now.</param>
    /// <param name="settle">How long they matter.</param>
    /// <param name="skipsGeneration">The store lost the generation in between (Adopt): whichever token it confirmed counts as superseded too.</param>
    public static SupersededTokens After(Session session, DateTimeOffset now, TimeSpan settle, bool skipsGeneration = false)
    {
        Span<Entry> kept = stackalloc Entry[Most + 2];
        var count = 0;
        foreach (var entry in session.Superseded.Entries)
            if (entry.IsWithin(settle, now)) kept[count++] = entry;
        if (session.Generation > 0) kept[count++] = new Entry(session.Generation, session.Branch, now); // a log-in has no token of its own
        if (skipsGeneration) kept[count++] = new Entry((session.Generation + 1) | AnyBranch, 0, now);
        return count == 0 ? default : new([.. kept[Math.Max(0, count - Most)..count]]);
    }

    /// <summary>The stored form: generation 4, branch 8, Unix milliseconds 8, each big-endian, in order.</summary>
    public byte[] ToBytes()
    {
        if (Count == 0) return [];
        var bytes = new byte[Count * EntrySize];
        for (var i = 0; i < Count; i++)
        {
            var place = bytes.AsSpan(i * EntrySize);
            BinaryPrimitives.WriteInt32BigEndian(place, entries[i].Generation);
            BinaryPrimitives.WriteInt64BigEndian(place[4..], entries[i].Branch);
            BinaryPrimitives.WriteInt64BigEndian(place[12..], entries[i].At.ToUnixTimeMilliseconds());
        }

        return bytes;
    }

    /// <summary>Reads the stored form.</summary>
    public static SupersededTokens Read(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length / EntrySize, Most);
        if (count == 0) return default;
        Span<Entry> read = stackalloc Entry[Most];
        for (var i = 0; i < count; i++)
        {
            var place = bytes[(i * EntrySize)..];
            read[i] = new Entry(
                BinaryPrimitives.ReadInt32BigEndian(place),
                BinaryPrimitives.ReadInt64BigEndian(place[4..]),
                DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(place[12..])));
        }

        return new([.. read[..count]]);
    }

    /// <inheritdoc/>
    public bool Equals(SupersededTokens other) => Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SupersededTokens other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var entry in Entries) hash.Add(entry);
        return hash.ToHashCode();
    }

    /// <summary>Whether both keep the same tokens.</summary>
    public static bool operator ==(SupersededTokens left, SupersededTokens right) => left.Equals(right);

    /// <summary>Whether they keep different tokens.</summary>
    public static bool operator !=(SupersededTokens left, SupersededTokens right) => !left.Equals(right);

    private readonly record struct Entry(int Generation, long Branch, DateTimeOffset At)
    {
        public bool Is(int generation, long branch) => (Generation == generation && Branch == branch) || Generation == (generation | AnyBranch);

        public bool IsWithin(TimeSpan settle, DateTimeOffset now) => now - At < settle;
    }
}
