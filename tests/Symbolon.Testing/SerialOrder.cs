using System.Text;

namespace Symbolon.Testing;

/// <summary>
/// Searches, for what parallel clients saw of one session, a serial order that DESIGN §4.1 allows and that respects real time: who ended
/// before another started comes first [I11].
/// </summary>
/// <remarks>
/// What leaves the state as it is can always come first, so only what changes it is branched on: a rotation, an end, a reuse. States that
/// were tried with the same operations done are not tried again. After Wing and Gong (1993) with Lowe's memory (2017).
/// </remarks>
public sealed class SerialOrder
{
    private readonly List<Observation> all;
    private readonly SessionModel model;
    private readonly HashSet<(ModelState, string)> tried = [];
    private (int Count, ModelState State, bool[] Done) best;

    private SerialOrder(IEnumerable<Observation> history)
    {
        all = [.. history.OrderBy(seen => seen.StartedAt)];
        model = new SessionModel(TokensOf(all), tracksAttempts: all.Exists(seen => !seen.IsOverlapOpen));
        best = (-1, default, []);
    }

    /// <summary>What is wrong with a history, of one session or of several; null when each has a serial order.</summary>
    public static string? Explain(IEnumerable<Observation> history)
    {
        foreach (var session in history.GroupBy(seen => seen.Session))
        {
            if (HandedOutTwice(session) is { } twice) return $"Session {session.Key}: {twice}";
            var search = new SerialOrder(session);
            if (!search.Exists()) return $"Session {session.Key}: {search.Report()}";
        }

        return null;
    }

    private static string? HandedOutTwice(IEnumerable<Observation> history)
    {
        var generations = new Dictionary<string, int>();
        foreach (var seen in history.Where(seen => seen.Child is not null).OrderBy(seen => seen.ChildGeneration))
        {
            if (!generations.TryAdd(seen.Child!, seen.ChildGeneration)) return $"two answers carry the same refresh token: {seen}";
            var parent = seen.Token is null ? 0 : generations.GetValueOrDefault(seen.Token, -1);
            if (parent >= 0 && seen.ChildGeneration != parent + 1) return $"the child's generation does not follow its parent's ({parent}): {seen}";
        }

        return null;
    }

    private static Dictionary<string, KnownToken> TokensOf(List<Observation> history)
    {
        var firsts = history.Where(seen => seen.Deed is Deed.Start).Select(seen => seen.Child).ToHashSet();
        return history.Where(seen => seen.Child is not null).ToDictionary(
            seen => seen.Child!,
            seen => new KnownToken(seen.ChildGeneration, firsts.Contains(seen.Child) ? null : seen.Token));
    }

    // Depth first, with a stack of its own: a history may be long.
    private bool Exists()
    {
        var stack = new Stack<(ModelState State, bool[] Done)>();
        stack.Push((default, new bool[all.Count]));
        while (stack.TryPop(out var node))
        {
            var (state, done) = node;
            TakeWhatChangesNothing(state, done);
            var (count, key) = Summary(done);
            if (count > best.Count) best = (count, state, done);
            if (IsComplete(done)) return true;
            if (!tried.Add((state, key))) continue;
            foreach (var at in Enabled(done).Reverse())
            {
                if (model.Next(state, all[at]) is not { } next || next == state) continue;
                var after = (bool[])done.Clone();
                after[at] = true;
                stack.Push((next, after));
            }
        }

        return false;
    }

    private void TakeWhatChangesNothing(ModelState state, bool[] done)
    {
        bool more;
        do
        {
            more = false;
            foreach (var at in Enabled(done).ToList())
            {
                // What nobody knows may still be needed where it does change something.
                if (all[at].Outcome is Outcome.Unknown || model.Next(state, all[at]) != state) continue;
                done[at] = more = true;
            }
        }
        while (more);
    }

    // Those that no other, still to come, has ended before.
    private IEnumerable<int> Enabled(bool[] done)
    {
        var first = long.MaxValue;
        for (var at = 0; at < all.Count; at++)
            if (!done[at]) first = Math.Min(first, IsRequired(all[at]) ? all[at].EndedAt : long.MaxValue);
        for (var at = 0; at < all.Count; at++)
            if (!done[at] && all[at].StartedAt <= first) yield return at;
    }

    private static bool IsRequired(Observation seen) => seen.Outcome is not Outcome.Unknown;

    private bool IsComplete(bool[] done)
    {
        for (var at = 0; at < all.Count; at++)
            if (!done[at] && IsRequired(all[at])) return false;
        return true;
    }

    private static (int Count, string Key) Summary(bool[] done)
    {
        var key = new char[(done.Length + 15) / 16];
        var count = 0;
        for (var at = 0; at < done.Length; at++)
            if (done[at]) (key[at / 16], count) = ((char)(key[at / 16] | (1 << (at % 16))), count + 1);
        return (count, new string(key));
    }

    private string Report()
    {
        var text = new StringBuilder("no serial order explains what the clients saw.\n");
        var (count, state, done) = best;
        var stands = state.EndReason is { } reason ? $"has ended ({reason})" : $"stands at {(state.Confirmed is null ? "the log-in" : Observation.Short(state.Confirmed))}";
        text.Append($"The longest one has {count} of {all.Count} operations; then the session {stands}, and none of these fits:\n");
        foreach (var at in Enabled(done)) text.Append($"  {all[at]}  (expected here: {model.Expected(state, all[at])})\n");
        text.Append("All, by start (✓: in that order's beginning):\n");
        for (var at = 0; at < all.Count; at++) text.Append($"  {(done[at] ? '✓' : ' ')} {all[at]}\n");
        return text.ToString();
    }
}
