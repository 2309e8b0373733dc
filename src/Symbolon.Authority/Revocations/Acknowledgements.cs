using Symbolon.AspNetCore;
using Symbolon.Revocation;

namespace Symbolon.Authority;

/// <summary>What the verifiers of the feed have said about how far they have read. Kept in memory: they say it again each second.</summary>
internal sealed class Acknowledgements(TimeProvider time)
{
    /// <summary>The most verifiers that are known at once, and of one client.</summary>
    public const int Capacity = 10_000, CapacityOfOne = 1000;

    /// <summary>A verifier that says nothing for this long, and for as long as it has promised, is forgotten.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    /// <summary>For this long after its good-bye a verifier's earlier words may still arrive.</summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<VerifierInstance, Acknowledgement> known = [];
    private readonly Dictionary<string, int> ofClient = new(StringComparer.Ordinal);
    private readonly Dictionary<VerifierInstance, long> left = [];
    private readonly Dictionary<string, (long Since, TimeSpan Length)> dropped = new(StringComparer.Ordinal);
    private TaskCompletionSource changed = New();

    /// <summary>Ends with the next change. Read it before counting.</summary>
    public Task Changed
    {
        get
        {
            lock (gate) return changed.Task;
        }
    }

    /// <summary>Takes what a verifier says. The last word counts, also when it is lower. False: too many are known, and this one is new, or it has just left.</summary>
    public bool TryTake(VerifierInstance who, Acknowledgement what)
    {
        lock (gate)
        {
            if (!known.ContainsKey(who) && (HasLeft(who) || !MakeRoom(who.ClientId))) return false;
            if (!known.ContainsKey(who)) ofClient[who.ClientId] = ofClient.GetValueOrDefault(who.ClientId) + 1;
            known[who] = what;
            Announce();
            return true;
        }
    }

    /// <summary>What was taken is replaced, where nothing newer has come.</summary>
    public void Replace(VerifierInstance who, Acknowledgement taken, Acknowledgement what)
    {
        lock (gate)
        {
            if (!known.TryGetValue(who, out var now) || !ReferenceEquals(now, taken)) return;
            known[who] = what;
            Announce();
        }
    }

    /// <summary>The verifier shuts down: it accepts nothing any more.</summary>
    public void Leave(VerifierInstance who)
    {
        lock (gate)
        {
            if (!Forget(who)) return;
            foreach (var gone in left.Where(one => time.GetElapsedTime(one.Value) > Farewell).Select(one => one.Key).ToList()) left.Remove(gone);
            if (left.Count < Capacity) left[who] = time.GetTimestamp();
            Announce();
        }
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

            return new AcknowledgementCount(known.Count, late, open, dropped.Count > 0 ? null : certainAt);
        }
    }

    private bool HasLeft(VerifierInstance who) => left.TryGetValue(who, out var at) && time.GetElapsedTime(at) <= Farewell;

    // A client that has too many loses the one it has not heard of for longest; a client must not fill the table for the others.
    private bool MakeRoom(string client)
    {
        if (ofClient.GetValueOrDefault(client) < CapacityOfOne && known.Count < Capacity) return true;
        ForgetSilent();
        if (ofClient.GetValueOrDefault(client) >= CapacityOfOne)
        {
            var (oldest, what) = known.Where(one => one.Key.ClientId == client).MinBy(one => one.Value.ReceivedAt);
            // What it promised holds, though it is known no more: until then nobody can be certain.
            var rest = what.Promise - time.GetElapsedTime(what.ReceivedAt);
            if (rest > TimeSpan.Zero && (!dropped.TryGetValue(client, out var before) || before.Length - time.GetElapsedTime(before.Since) < rest)) dropped[client] = (time.GetTimestamp(), rest);
            Forget(oldest);
        }

        return known.Count < Capacity;
    }

    private bool Forget(VerifierInstance who)
    {
        if (!known.Remove(who)) return false;
        if (--ofClient[who.ClientId] == 0) ofClient.Remove(who.ClientId);
        return true;
    }

    private void ForgetSilent()
    {
        foreach (var who in known.Where(one => time.GetElapsedTime(one.Value.ReceivedAt) is var silent && silent > Silence && silent > one.Value.Promise).Select(one => one.Key).ToList()) Forget(who);
        foreach (var over in dropped.Where(one => time.GetElapsedTime(one.Value.Since) >= one.Value.Length).Select(one => one.Key).ToList()) dropped.Remove(over);
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
internal sealed record Acknowledgement(string Timeline, long Seq, TimeSpan MaxStaleness, WhenStale WhenStale, long ReceivedAt)
{
    /// <summary>For how long after its last word it may accept what was revoked then. One that goes on for ever counts until every token of its last word has expired.</summary>
    public TimeSpan Promise => WhenStale == WhenStale.Allow ? RevocationEntry.Life : MaxStaleness;
}

/// <summary>Who has acknowledged a number.</summary>
/// <param name="Verifiers">How many verifiers are known.</param>
/// <param name="Late">Those that have not.</param>
/// <param name="Open">How many of these may still accept what they have not read.</param>
/// <param name="CertainAt">From when on none does, by what each has declared; null when one declared to go on for ever.</param>
internal sealed record AcknowledgementCount(int Verifiers, IReadOnlyList<VerifierInstance> Late, int Open, DateTimeOffset? CertainAt);
