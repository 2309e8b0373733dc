using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.InMemory;

/// <summary>Sessions in memory: for tests, trials and the mock. Nothing survives a restart.</summary>
internal sealed class InMemorySessionStore(InMemoryState state) : ISessionStore
{
    public ValueTask<SessionFacts> FindAsync(SessionId id, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var session = state.Sessions.GetValueOrDefault(id);
            var subject = session is null ? null : state.Subjects.GetValueOrDefault(session.Subject);
            return new(new SessionFacts(session, subject, state.Era, state.Now));
        }
    }

    public ValueTask<bool> TryStartAsync(SessionStart start, IReadOnlyCollection<SessionId> live, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (!live.ToHashSet().SetEquals(LiveOf(start.Session.Subject, start.Event.At).Select(row => row.Id))) return new(false);
            state.End(start.Ends);
            state.Subjects.TryAdd(start.Session.Subject, Subject.New(start.Session.Subject));
            state.Sessions.Add(start.Session.Id, start.Session);
            state.Append(entry: null, start.Event);
            return new(true);
        }
    }

    public ValueTask<bool> TryRotateAsync(Session read, Session next, SessionEvent rotation, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (Unchanged(read) is not { } row) return new(false);
            state.Sessions[row.Id] = row with
            {
                Generation = next.Generation,
                Branch = next.Branch,
                ConfirmedAt = next.ConfirmedAt,
                Attempts = next.Attempts,
                Superseded = next.Superseded,
                LastSeenAt = next.LastSeenAt,
                ExpiresAt = next.ExpiresAt,
            };
            state.Append(entry: null, rotation);
            return new(true);
        }
    }

    public ValueTask<bool> TryRetryAsync(Session read, Bytes16? attempt, SessionEvent retry, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (Unchanged(read) is not { } row) return new(false);
            state.Sessions[row.Id] = row.Retried(attempt);
            state.Append(entry: null, retry);
            return new(true);
        }
    }

    public ValueTask<int> EndAsync(IReadOnlyList<SessionEnd> ends, CancellationToken ct)
    {
        lock (state.Gate) return new(state.End(ends));
    }

    public ValueTask<bool> TryExpireAsync(Session read, SessionEnd end, CancellationToken ct)
    {
        lock (state.Gate) return new(Unchanged(read) is not null && state.End([end]) == 1);
    }

    public ValueTask<IReadOnlyList<Session>> LiveOfAsync(SubjectId subject, DateTimeOffset now, CancellationToken ct)
    {
        lock (state.Gate) return new([.. LiveOf(subject, now).OrderByDescending(row => row.Id)]);
    }

    public ValueTask<IReadOnlyList<Session>> ListAsync(SessionQuery query, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var now = state.Now;
            return new([.. state.Sessions.Values
                .Where(row => query.Subject is not { } subject || row.Subject == subject)
                .Where(row => query.ClientId is not { } client || row.ClientId == client)
                .Where(row => query.Before is not { } before || row.Id < before)
                .Where(row => !query.LiveOnly || state.CountsAsLive(row, now))
                .OrderByDescending(row => row.Id)
                .Take(query.Take)]);
        }
    }

    public ValueTask<bool> RenameDeviceAsync(SessionId id, string? name, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (!state.Sessions.TryGetValue(id, out var row) || row.Ending is not null) return new(false);
            state.Sessions[id] = row with { Device = row.Device with { Name = name } };
            return new(true);
        }
    }

    public ValueTask RestampAsync(SubjectId subject, Bytes16 from, Bytes16 to, CancellationToken ct) =>
        ForEach(row => row.Subject == subject && row.Stamp == from && row.Ending is null, row => row with { Stamp = to });

    public ValueTask ForgetAsync(SubjectId subject, CancellationToken ct) =>
        ForEach(row => row.Subject == subject, row => row with { Device = new Device("", Name: null, Type: null), IpAddress = null, UserAgent = null });

    public ValueTask<IReadOnlyList<SessionFacts>> ScanAsync(SessionId? after, int take, CancellationToken ct)
    {
        lock (state.Gate)
            return new([.. state.Sessions.Values.Where(row => after is not { } last || row.Id > last).OrderBy(row => row.Id).Take(take)
                .Select(row => new SessionFacts(row, state.Subjects.GetValueOrDefault(row.Subject), state.Era, state.Now))]);
    }

    public ValueTask PurgeAsync(IReadOnlyList<SessionId> ids, CancellationToken ct)
    {
        lock (state.Gate)
            foreach (var id in ids) state.Sessions.Remove(id);
        return default;
    }

    private IEnumerable<Session> LiveOf(SubjectId subject, DateTimeOffset now) =>
        state.Sessions.Values.Where(row => row.Subject == subject && state.CountsAsLive(row, now));

    private Session? Unchanged(Session read) =>
        state.Sessions.TryGetValue(read.Id, out var row) && row.Ending is null && row.Generation == read.Generation && row.Branch == read.Branch ? row : null;

    private ValueTask ForEach(Func<Session, bool> which, Func<Session, Session> change)
    {
        lock (state.Gate)
            foreach (var row in state.Sessions.Values.Where(which).ToList()) state.Sessions[row.Id] = change(row);
        return default;
    }
}
