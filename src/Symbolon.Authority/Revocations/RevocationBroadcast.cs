using Symbolon.AspNetCore;
using Symbolon.Revocation;

namespace Symbolon.Authority;

/// <summary>What all streams of the feed share: the newest entries, each serialized once, and a pulse that wakes them. A stream keeps a number and no queue.</summary>
internal sealed class RevocationBroadcast(TimeProvider time)
{
    /// <summary>How many entries are kept here; whoever is further behind reads the log.</summary>
    public const int Capacity = 4096;

    private readonly Lock gate = new();
    private readonly byte[]?[] ring = new byte[Capacity][];
    private long first = 1; // the oldest number that is kept here
    private volatile RevocationPulse pulse = new(timeline: null, newest: 0);

    /// <summary>When this server began to follow the log, by the monotonic clock.</summary>
    public long StartedAt { get; } = time.GetTimestamp();

    /// <summary>How things stand. Read it before the entries, write them, then wait for its <see cref="RevocationPulse.Next"/>: nothing is missed.</summary>
    public RevocationPulse Pulse => pulse;

    /// <summary>Takes entries that follow those it has; another timeline begins anew.</summary>
    public void Append(RevocationPage page)
    {
        if (page.Timeline == pulse.Timeline && page.Entries.Count == 0) return;
        var start = Math.Max(0, page.Entries.Count - Capacity);
        var frames = new List<byte[]>(page.Entries.Count - start);
        for (var i = start; i < page.Entries.Count; i++) frames.Add(RevocationFrames.Entry(page.Entries[i]));

        lock (gate)
        {
            var begin = page.Seq - frames.Count + 1;
            if (page.Timeline != pulse.Timeline || begin != pulse.Newest + 1) first = begin;
            for (var i = 0; i < frames.Count; i++) ring[(begin + i) % Capacity] = frames[i];
            first = Math.Max(first, page.Seq - Capacity + 1);
            var (same, before) = (page.Timeline == pulse.Timeline, pulse);
            Publish(new RevocationPulse(page.Timeline, page.Seq)
            {
                Beats = before.Beats, Heartbeat = before.Heartbeat, AsOf = before.AsOf, Awaited = same ? before.Awaited : 0, Receipt = before.Receipt,
            });
        }
    }

    /// <summary>The heartbeat of this second, or what stands in for one.</summary>
    /// <param name="frame">The event.</param>
    /// <param name="asOf">When the read began that it tells of; null where it tells nothing.</param>
    public void Beat(byte[] frame, Moment? asOf)
    {
        lock (gate)
        {
            var before = pulse;
            Publish(new RevocationPulse(before.Timeline, before.Newest) { Beats = before.Beats + 1, Heartbeat = frame, AsOf = asOf, Awaited = before.Awaited, Receipt = before.Receipt });
        }
    }

    /// <summary>Somebody waits until verifiers have acknowledged this number.</summary>
    public void Await(string timeline, long seq)
    {
        lock (gate)
        {
            if (timeline != pulse.Timeline || seq <= pulse.Awaited) return;
            var before = pulse;
            Publish(new RevocationPulse(timeline, before.Newest) { Beats = before.Beats, Heartbeat = before.Heartbeat, AsOf = before.AsOf, Awaited = seq, Receipt = RevocationFrames.Receipt(seq) });
        }
    }

    /// <summary>Fills in the entries above a number, as many as fit.</summary>
    /// <returns>How many; -1 when they are not all here any more: read the log.</returns>
    public int Read(string timeline, long after, Span<byte[]> frames)
    {
        lock (gate)
        {
            if (timeline != pulse.Timeline || after + 1 < first) return -1;
            var count = (int)Math.Clamp(pulse.Newest - after, 0, frames.Length);
            for (var i = 0; i < count; i++) frames[i] = ring[(after + 1 + i) % Capacity]!;
            return count;
        }
    }

    private void Publish(RevocationPulse next)
    {
        var before = pulse;
        pulse = next;
        before.Pass();
    }
}

/// <summary>How the feed stands at one moment.</summary>
/// <param name="timeline">The log's timeline; null before it could be read.</param>
/// <param name="newest">The newest number that streams can have.</param>
internal sealed class RevocationPulse(string? timeline, long newest)
{
    private readonly TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? Timeline { get; } = timeline;

    public long Newest { get; } = newest;

    /// <summary>How many heartbeats there were.</summary>
    public long Beats { get; init; }

    /// <summary>The newest heartbeat.</summary>
    public byte[] Heartbeat { get; init; } = RevocationFrames.Silence;

    /// <summary>When the read began that the heartbeat tells of; null where it tells nothing.</summary>
    public Moment? AsOf { get; init; }

    /// <summary>The newest number whose acknowledgement somebody waits for.</summary>
    public long Awaited { get; init; }

    /// <summary>The event that says so.</summary>
    public byte[] Receipt { get; init; } = [];

    /// <summary>Ends when there is something newer.</summary>
    public Task Next => next.Task;

    public void Pass() => next.TrySetResult();
}
