using Symbolon.Authority.Ports;
using Symbolon.Keys;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.InMemory;

/// <summary>What the in-memory stores share: one lock, so that each method is one transaction. The reference for every other implementation.</summary>
internal sealed class InMemoryState(TimeProvider time)
{
    public Lock Gate { get; } = new();

    public Dictionary<SessionId, Session> Sessions { get; } = [];

    public Dictionary<SubjectId, Subject> Subjects { get; } = [];

    public Dictionary<Bytes16, (int Count, DateTimeOffset Since)> Attempts { get; } = [];

    /// <summary>A new one each time: what was in memory is lost with the process.</summary>
    public string Timeline { get; set; } = Guid.NewGuid().ToString("N");

    public List<LoggedRevocation> Revocations { get; } = [];

    public RevocationSignal Signal { get; } = new(time);

    public List<LoggedEvent> Events { get; } = [];

    public SigningKeyRing Ring { get; set; } = SigningKeyRing.Empty;

    public List<string> Fingerprints { get; } = [];

    public int Era { get; set; }

    public Dictionary<string, long> Servers { get; } = new(StringComparer.Ordinal);

    public TimeSpan LongestPromise { get; set; }

    public ReceiptQuestion? Question { get; set; }

    public Dictionary<string, ReceiptAnswer> Answers { get; } = new(StringComparer.Ordinal);

    public ServerSignal ServersSignal { get; } = new(time);

    // Stored instants are whole milliseconds, as in every other store.
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    public long LastSeq { get; private set; }

    private long lastEvent;

    public void Append(RevocationEntry? entry, params ReadOnlySpan<SessionEvent> events)
    {
        if (entry is not null)
        {
            Revocations.Add(new LoggedRevocation(++LastSeq, entry));
            Signal.Committed(LastSeq);
        }

        foreach (var what in events) Events.Add(new LoggedEvent(++lastEvent, what));
    }

    public bool CountsAsLive(Session session, DateTimeOffset now) =>
        session.Ending is null && SessionLifetime.Expiry(session, now) is null && session.Era >= Era
        && Subjects.TryGetValue(session.Subject, out var subject) && session.Epoch >= subject.Epoch;

    public int End(IEnumerable<SessionEnd> ends)
    {
        var ended = 0;
        foreach (var end in ends)
        {
            if (!Sessions.TryGetValue(end.Session.Id, out var row) || row.Ending is not null) continue;
            Sessions[row.Id] = row with { Ending = end.Session.Ending };
            Append(end.Entry, end.Event);
            ended++;
        }

        return ended;
    }
}
