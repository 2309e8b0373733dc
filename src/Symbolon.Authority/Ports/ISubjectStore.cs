using Symbolon.Sessions;

namespace Symbolon.Authority.Ports;

/// <summary>What the authority keeps of accounts, beside whatever holds them: epochs, claims versions, the era, and failure counters.</summary>
public interface ISubjectStore
{
    /// <summary>The subject's row (null when it has none), the era and the clock, in one read of the primary.</summary>
    ValueTask<SubjectFacts> FindAsync(SubjectId id, CancellationToken ct);

    /// <summary>Subjects in order of id, by keyset, deleted ones left out.</summary>
    ValueTask<IReadOnlyList<Subject>> ListAsync(SubjectId? after, int take, CancellationToken ct);

    /// <summary>Commits a change where the row is still as <paramref name="read"/> (null: there is none yet).</summary>
    ValueTask<bool> TryChangeAsync(Subject? read, SubjectChange change, CancellationToken ct);

    /// <summary>Raises the era where it is still the one before.</summary>
    ValueTask<bool> TryRaiseEraAsync(EraChange change, CancellationToken ct);

    /// <summary>Counts one attempt under each key in turn, atomically and before it is known whether it fails, and stops at the first key that is over its limit: what one key refuses must not fill the next. Answers the counts with this one.</summary>
    /// <param name="keys">Opaque keys: digests, never names or addresses; each with the most attempts in the window.</param>
    /// <param name="window">A counter begins anew when its first attempt is older than this.</param>
    /// <param name="ct">Cancels.</param>
    ValueTask<IReadOnlyList<AttemptCount>> CountAttemptAsync(IReadOnlyList<AttemptLimit> keys, TimeSpan window, CancellationToken ct);

    /// <summary>Forgets the counter of the first key and takes one attempt off the others: the attempt succeeded.</summary>
    ValueTask ForgiveAttemptAsync(IReadOnlyList<Bytes16> keys, CancellationToken ct);

    /// <summary>Drops counters whose first attempt is older than <paramref name="window"/>; at most <paramref name="most"/> at once.</summary>
    ValueTask PurgeAttemptsAsync(TimeSpan window, int most, CancellationToken ct);
}

/// <summary>What one read tells about a subject.</summary>
/// <param name="Subject">The row, or null.</param>
/// <param name="Era">The era in force.</param>
/// <param name="Now">The store's clock.</param>
public sealed record SubjectFacts(Subject? Subject, int Era, DateTimeOffset Now);

/// <summary>A counter's key and limit.</summary>
/// <param name="Key">The key.</param>
/// <param name="Limit">The most attempts in the window.</param>
public readonly record struct AttemptLimit(Bytes16 Key, int Limit);

/// <summary>A counter.</summary>
/// <param name="Count">Attempts in the window, this one included.</param>
/// <param name="ResetsAt">When it begins anew.</param>
public readonly record struct AttemptCount(int Count, DateTimeOffset ResetsAt);
