using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
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

    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<VerifierInstance, Acknowledgement> known = [];
    private readonly Dictionary<string, int> ofClient = new(StringComparer.Ordinal);
    private readonly Dictionary<VerifierInstance, long> left = [];
    private readonly Dictionary<string, (long Since, TimeSpan Length)> dropped = new(StringComparer.Ordinal);
    private readonly Dictionary<VerifierInstance, string> ids = [];
    private TaskCompletionSource changed = New();
    private (TaskCompletionSource Changed, VerifierStandings Standings, long At)? stood;

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
            if (ids.TryAdd(who, who.Digest())) ofClient[who.ClientId] = ofClient.GetValueOrDefault(who.ClientId) + 1;
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

    /// <summary>Who has acknowledged a number, of those known here.</summary>
    public AcknowledgementCount Count(string timeline, long seq)
    {
        var (standings, ago) = Stand(timeline);
        return ReceiptSum.Of(seq, time.GetUtcNow(), [(standings, ago)]);
    }

    /// <summary>How far each has come, and how long ago that was said: all who wait count with one list.</summary>
    public (VerifierStandings Standings, TimeSpan Ago) Stand(string timeline)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (stood is { } last && last.Changed == changed && last.Standings.Timeline == timeline && time.GetElapsedTime(last.At, now) is var ago && ago < Fresh) return (last.Standings, ago);
            ForgetSilent();
            VerifierStanding[] all = [.. known.Select(one => Of(one.Key, one.Value, timeline, now))];
            stood = (changed, new VerifierStandings(timeline, Applied: -1, IsWhole: dropped.Count == 0, all), now);
            return (stood.Value.Standings, TimeSpan.Zero);
        }
    }

    // Its view was current at the latest when it sent its last word, which was before that came.
    private VerifierStanding Of(VerifierInstance who, Acknowledgement what, string timeline, long now)
    {
        var rest = (what.MaxStaleness - time.GetElapsedTime(what.ReceivedAt, now)).TotalMilliseconds;
        return new VerifierStanding(ids[who], what.Timeline == timeline ? what.Seq : -1, what.WhenStale == WhenStale.Allow ? VerifierStanding.ForEver : (long)Math.Ceiling(Math.Max(rest, 0))) { Name = who.Name };
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
        ids.Remove(who);
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
internal readonly record struct VerifierInstance(string ClientId, string Name, string Instance)
{
    private const int Length = 12;

    /// <summary>What stands for it between servers. Names hold no control characters: nothing else has the same text.</summary>
    public string Digest() => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{ClientId}\n{Name}\n{Instance}")).AsSpan(0, Length));
}

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
