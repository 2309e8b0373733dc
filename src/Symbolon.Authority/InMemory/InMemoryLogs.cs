using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.InMemory;

/// <summary>The revocation log in memory.</summary>
internal sealed class InMemoryRevocationLog(InMemoryState state) : IRevocationLog
{
    public ValueTask<IReadOnlyList<LoggedRevocation>> SinceAsync(long seq, int take, CancellationToken ct)
    {
        lock (state.Gate) return new([.. state.Revocations.Where(logged => logged.Seq > seq).Take(take)]);
    }

    public ValueTask<int> CompactAsync(int most, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var old = state.Revocations.Where(logged => logged.Entry.Until <= state.Now).Take(most).ToList();
            foreach (var logged in old) state.Revocations.Remove(logged);
            return new(old.Count);
        }
    }
}

/// <summary>The event log in memory.</summary>
internal sealed class InMemoryEventLog(InMemoryState state) : IEventLog
{
    public ValueTask AppendAsync(SessionEvent what, CancellationToken ct)
    {
        lock (state.Gate) state.Append(entry: null, what);
        return default;
    }

    public ValueTask<IReadOnlyList<LoggedEvent>> ListAsync(EventQuery query, CancellationToken ct)
    {
        lock (state.Gate)
            return new([.. state.Events
                .Where(logged => query.Session is not { } session || logged.Event.Session == session)
                .Where(logged => query.Subject is not { } subject || logged.Event.Subject == subject)
                .Where(logged => query.Before is not { } before || logged.Id < before)
                .OrderByDescending(logged => logged.Id)
                .Take(query.Take)]);
    }

    public ValueTask<int> PurgeAsync(DateTimeOffset before, int most, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var old = state.Events.Where(logged => logged.Event.At < before).Take(most).ToList();
            foreach (var logged in old) state.Events.Remove(logged);
            return new(old.Count);
        }
    }
}
