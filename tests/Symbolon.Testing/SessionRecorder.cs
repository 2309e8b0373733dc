using System.Collections.Concurrent;

namespace Symbolon.Testing;

/// <summary>Collects what parallel clients see. Its clock counts: what ends before another starts has the smaller number.</summary>
public sealed class SessionRecorder
{
    private readonly ConcurrentQueue<Observation> seen = new();
    private long clock;

    /// <summary>Notes that a request is about to leave; it counts as unanswered until <see cref="Answered"/>.</summary>
    public Observation Begin(string session, Deed deed, string? token = null, string? attempt = null, string? reason = null) => new()
    {
        Session = session, Deed = deed, StartedAt = Interlocked.Increment(ref clock), Token = token, Attempt = attempt, Reason = reason,
    };

    /// <summary>Notes the answer.</summary>
    public void Answered(Observation begun, Outcome outcome, string? child = null, int childGeneration = 0, string? reason = null) => seen.Enqueue(begun with
    {
        EndedAt = Interlocked.Increment(ref clock), Outcome = outcome, Child = child, ChildGeneration = childGeneration, Reason = reason ?? begun.Reason,
    });

    /// <summary>Notes that no answer came.</summary>
    public void Unanswered(Observation begun) => seen.Enqueue(begun);

    /// <summary>Everything so far.</summary>
    public IReadOnlyCollection<Observation> Seen => seen;

    /// <summary>Throws when some session's observations have no serial order.</summary>
    /// <exception cref="HistoryException">With the order that comes closest.</exception>
    public void ThrowUnlessSerial()
    {
        if (SerialOrder.Explain(seen) is { } problem) throw new HistoryException(problem);
    }
}

/// <summary>What clients saw has no serial order that DESIGN §4.1 allows.</summary>
public sealed class HistoryException(string message) : Exception(message);
