using Symbolon.AspNetCore;

namespace Symbolon.Authority;

/// <summary>What the verifiers of the feed have said about how far they have read. Kept in memory: they say it again each second.</summary>
internal sealed class Acknowledgements(TimeProvider time)
{
    /// <summary>The most verifiers that are known at once.</summary>
    public const int Capacity = 10_000;

    /// <summary>A verifier that says nothing for this long is forgotten.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    /// <summary>After a start verifiers are given this long to come back; until then nobody can say whether all are known.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<VerifierInstance, Acknowledgement> known = [];
    private TaskCompletionSource changed = New();

    /// <summary>Ends with the next change. Read it before counting.</summary>
    public Task Changed
    {
        get
        {
            lock (gate) return changed.Task;
        }
    }

    /// <summary>Takes what a verifier says. The last word counts, also when it is lower. False: too many are known, and this one is new.</summary>
    public bool TryTake(VerifierInstance who, Acknowledgement what)
    {
        lock (gate)
        {
            if (!known.ContainsKey(who) && known.Count >= Capacity && ForgetSilent() == 0) return false;
            known[who] = what;
            Announce();
            return true;
        }
    }

    /// <summary>The verifier shuts down: it accepts nothing any more.</summary>
    public void Leave(VerifierInstance who)
    {
        lock (gate)
            if (known.Remove(who)) Announce();
    }

    /// <summary>Who has acknowledged a number.</summary>
    public AcknowledgementCount Count(string timeline, long seq)
    {
        lock (gate)
        {
            ForgetSilent();
            var (now, late, open, certainAt) = (time.GetUtcNow(), new List<VerifierInstance>(), 0, (DateTimeOffset?)time.GetUtcNow());
            foreach (var (who, what) in known)
            {
                if (what.Timeline == timeline && what.Seq >= seq) continue;
                late.Add(who);
                // Its view was current at the latest when it sent its last word, which was before that came.
                var rest = what.MaxStaleness - time.GetElapsedTime(what.ReceivedAt);
                if (what.WhenStale == WhenStale.Allow) certainAt = null;
                else if (now + rest > certainAt) certainAt = now + rest;
                if (what.WhenStale == WhenStale.Allow || rest > TimeSpan.Zero) open++;
            }

            return new AcknowledgementCount(known.Count, late, open, certainAt);
        }
    }

    private int ForgetSilent()
    {
        var silent = known.Where(pair => time.GetElapsedTime(pair.Value.ReceivedAt) > Silence).Select(pair => pair.Key).ToList();
        foreach (var who in silent) known.Remove(who);
        return silent.Count;
    }

    private void Announce()
    {
        var before = changed;
        changed = New();
        before.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>One verifier: the client whose credential it uses, its name, and which of several of that name.</summary>
internal readonly record struct VerifierInstance(string ClientId, string Name, string Instance);

/// <summary>What a verifier said last.</summary>
/// <param name="Timeline">The timeline it reads.</param>
/// <param name="Seq">The number up to which it has applied everything.</param>
/// <param name="MaxStaleness">How old its view may be.</param>
/// <param name="WhenStale">What it does beyond that.</param>
/// <param name="ReceivedAt">When that came, by the monotonic clock.</param>
internal sealed record Acknowledgement(string Timeline, long Seq, TimeSpan MaxStaleness, WhenStale WhenStale, long ReceivedAt);

/// <summary>Who has acknowledged a number.</summary>
/// <param name="Verifiers">How many verifiers are known.</param>
/// <param name="Late">Those that have not.</param>
/// <param name="Open">How many of these may still accept what they have not read.</param>
/// <param name="CertainAt">From when on none does, by what each has declared; null when one declared to go on for ever.</param>
internal sealed record AcknowledgementCount(int Verifiers, IReadOnlyList<VerifierInstance> Late, int Open, DateTimeOffset? CertainAt);
