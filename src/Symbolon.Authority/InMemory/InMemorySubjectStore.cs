using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.InMemory;

/// <summary>Subjects, the era and failure counters in memory.</summary>
internal sealed class InMemorySubjectStore(InMemoryState state) : ISubjectStore
{
    public ValueTask<SubjectFacts> FindAsync(SubjectId id, CancellationToken ct)
    {
        lock (state.Gate) return new(new SubjectFacts(state.Subjects.GetValueOrDefault(id), state.Era, state.Now));
    }

    public ValueTask<IReadOnlyList<Subject>> ListAsync(SubjectId? after, int take, CancellationToken ct)
    {
        lock (state.Gate)
            return new([.. state.Subjects.Values
                .Where(row => row.DeletedAt is null && (after is not { } last || string.CompareOrdinal(row.Id.Value, last.Value) > 0))
                .OrderBy(row => row.Id.Value, StringComparer.Ordinal)
                .Take(take)]);
    }

    public ValueTask<bool> TryChangeAsync(Subject? read, SubjectChange change, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (state.Subjects.GetValueOrDefault(change.Subject.Id) != read) return new(false);
            state.Subjects[change.Subject.Id] = change.Subject;
            state.Append(change.Entry, change.Events);
            return new(true);
        }
    }

    public ValueTask<bool> TryRaiseEraAsync(EraChange change, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (state.Era != change.Era - 1) return new(false);
            state.Era = change.Era;
            state.Append(change.Entry, change.Event);
            return new(true);
        }
    }

    public ValueTask<IReadOnlyList<AttemptCount>> CountAttemptAsync(IReadOnlyList<AttemptLimit> keys, TimeSpan window, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var (now, counts) = (state.Now, new List<AttemptCount>(keys.Count));
            foreach (var (key, limit) in keys)
            {
                var known = state.Attempts.TryGetValue(key, out var counter) && now - counter.Since < window;
                var next = known ? (counter.Count + 1, counter.Since) : (1, now);
                state.Attempts[key] = next;
                counts.Add(new AttemptCount(next.Item1, next.Item2 + window));
                if (next.Item1 > limit) break;
            }

            return new(counts);
        }
    }

    public ValueTask ForgiveAttemptAsync(IReadOnlyList<Bytes16> keys, CancellationToken ct)
    {
        lock (state.Gate)
        {
            state.Attempts.Remove(keys[0]);
            foreach (var key in keys.Skip(1))
                if (state.Attempts.TryGetValue(key, out var counter) && counter.Count > 0) state.Attempts[key] = counter with { Count = counter.Count - 1 };
        }

        return default;
    }

    public ValueTask PurgeAttemptsAsync(TimeSpan window, int most, CancellationToken ct)
    {
        lock (state.Gate)
            foreach (var (key, _) in state.Attempts.Where(pair => state.Now - pair.Value.Since >= window).Take(most).ToList())
                state.Attempts.Remove(key);
        return default;
    }
}
