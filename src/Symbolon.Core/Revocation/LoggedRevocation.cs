namespace Symbolon.Revocation;

/// <summary>An entry at its place in the log.</summary>
/// <param name="Seq">Its number: order of commit, from 1, without holes within a timeline [I12].</param>
/// <param name="Entry">The entry; null when it came over the wire with a kind that this version does not know.</param>
public readonly record struct LoggedRevocation(long Seq, RevocationEntry? Entry);

/// <summary>A piece of the log, as one read of it or one answer of the feed brings it.</summary>
/// <param name="Timeline">The log's timeline: numbers of different timelines say nothing about each other.</param>
/// <param name="Since">The number after which it begins; null for a snapshot, which begins with the oldest entry that is kept.</param>
/// <param name="Seq">The number up to which it is complete.</param>
/// <param name="Newest">The newest number in the log at that moment; above <paramref name="Seq"/> when there is more to read.</param>
/// <param name="Now">The log's clock.</param>
/// <param name="Entries">The entries in order.</param>
public sealed record RevocationPage(
    string Timeline, long? Since, long Seq, long Newest, DateTimeOffset Now, IReadOnlyList<LoggedRevocation> Entries)
{
    /// <summary>The longest life of a token for which the entries are kept long enough. A verifier that grants more must not rely on the log.</summary>
    public TimeSpan MaxTokenAge { get; init; } = RevocationEntry.MaxTokenAge;
}
