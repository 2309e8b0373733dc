using Symbolon.Sessions;

namespace Symbolon.Authority.Ports;

/// <summary>The append-only log of what happened. Changes append their events in their own transaction; this appends those that change nothing, and reads.</summary>
public interface IEventLog
{
    /// <summary>Appends an event that comes with no other change.</summary>
    ValueTask AppendAsync(SessionEvent what, CancellationToken ct);

    /// <summary>Events by keyset, newest first.</summary>
    ValueTask<IReadOnlyList<LoggedEvent>> ListAsync(EventQuery query, CancellationToken ct);

    /// <summary>Drops events that are older than <paramref name="olderThan"/> by the store's clock, the oldest first; at most <paramref name="most"/> at once. Answers how many.</summary>
    ValueTask<int> PurgeAsync(TimeSpan olderThan, int most, CancellationToken ct);
}

/// <summary>An event at its place in the log.</summary>
/// <param name="Id">Its number: order of commit, within one session at least; on PostgreSQL events of different sessions that commit at the same moment may stand the other way round.</param>
/// <param name="Event">The event.</param>
public readonly record struct LoggedEvent(long Id, SessionEvent Event);

/// <summary>What to list.</summary>
/// <param name="Session">Only this session's, or any.</param>
/// <param name="Subject">Only this subject's, or any.</param>
/// <param name="Before">Only below this number: the last of the page before.</param>
/// <param name="Take">The most events, 1 to 200.</param>
public sealed record EventQuery(SessionId? Session, SubjectId? Subject, long? Before, int Take);
