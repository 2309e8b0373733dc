using Symbolon.Authority.Ports;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.InMemory;

/// <summary>The revocation log in memory.</summary>
internal sealed class InMemoryRevocationLog(InMemoryState state) : IRevocationLog
{
    public ValueTask<RevocationPage?> ReadAsync(long? since, int take, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var kept = state.Revocations;
            var compacted = kept.Count > 0 ? kept[0].Seq - 1 : state.LastSeq;
            if (since < compacted || since > state.LastSeq) return new((RevocationPage?)null);
            var entries = kept.Skip((int)((since ?? compacted) - compacted)).Take(take).ToList();
            var seq = entries.Count > 0 ? entries[^1].Seq : since ?? compacted;
            return new(new RevocationPage(state.Timeline, since, seq, state.LastSeq, state.Now, entries));
        }
    }

    public ValueTask<bool> HasTokenAsync(string jti, CancellationToken ct)
    {
        lock (state.Gate) return new(state.Revocations.Exists(logged => logged.Entry!.Kind == RevocationKind.Token && logged.Entry.Key == jti));
    }

    public ValueTask<TokenAppend> AppendTokenAsync(RevocationEntry entry, SessionEvent what, int most, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (state.Revocations.Exists(logged => logged.Entry!.Kind == RevocationKind.Token && logged.Entry.Key == entry.Key)) return new(TokenAppend.Known);
            if (what.Session is { } session && state.Events.Count(logged => Counts(logged.Event, session, entry.At)) >= most) return new(TokenAppend.TooMany);
            state.Append(entry, what);
            return new(TokenAppend.Appended);
        }
    }

    private static bool Counts(SessionEvent logged, SessionId session, DateTimeOffset now) =>
        logged.Kind == EventKind.TokenRevoked && logged.Session == session && logged.At > now - RevocationEntry.Life;

    public ValueTask StartTimelineAsync(CancellationToken ct)
    {
        lock (state.Gate) state.Timeline = Guid.NewGuid().ToString("N");
        return default;
    }

    public ValueTask WaitAsync(long seq, TimeSpan atMost, CancellationToken ct) => state.Signal.WaitAsync(seq, atMost, ct);

    public ValueTask<int> CompactAsync(int most, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var passed = state.Revocations.TakeWhile(logged => logged.Entry!.Until <= state.Now).Take(most).Count();
            state.Revocations.RemoveRange(0, passed);
            return new(passed);
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

    public ValueTask<int> PurgeAsync(TimeSpan olderThan, int most, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var now = state.Now;
            var old = state.Events.Where(logged => now - logged.Event.At > olderThan).Take(most).ToList();
            foreach (var logged in old) state.Events.Remove(logged);
            return new(old.Count);
        }
    }
}
