using Symbolon.Revocation;

namespace Symbolon.AspNetCore.Remote;

/// <summary>What an authority elsewhere has revoked, as this verifier knows it: folds what the feed brings, and knows since when it is current.</summary>
/// <remarks>
/// Only an answered acknowledgement proves that the view is current, and for the moment at which it was sent: what comes down a stream may have lain in a
/// buffer. Nothing that is held is given up but entries whose time has passed. Safe for concurrent use. DESIGN §5 and §6.
/// </remarks>
internal sealed class RemoteRevocationFeed(RemoteContext with) : RevocationFeed
{
    private const int MostWaiting = 16;
    private static readonly TimeSpan DropEvery = TimeSpan.FromSeconds(10), BehindFor = TimeSpan.FromSeconds(1);
    private readonly ViewAge age = new(with.Time);
    private readonly SteadyClock clock = new(with.Time, isTrusted: false);
    private readonly Lock folding = new();
    private readonly Queue<Proof> waiting = new();
    private volatile RevocationView view = RevocationView.None;
    private (DateTimeOffset Newest, long DroppedAt) authority;
    private volatile bool isTooShort;

    public override RevocationView View => view;

    public override TimeSpan Age => age.Value;

    /// <summary>Whether the log keeps its entries for less than this verifier grants tokens: then the view is never current.</summary>
    public bool IsTooShort => isTooShort;

    /// <summary>Takes a page that was asked for when the view stood at <paramref name="askedAt"/>.</summary>
    /// <returns>False when a snapshot is needed.</returns>
    public bool Take(RevocationPage page, long askedAt)
    {
        lock (folding)
        {
            CheckLength(page.MaxTokenAge);
            // The stream may have gone on while this page was on its way: only a log that ended before the question went back.
            var overtaken = page.Since is not null && page.Newest >= askedAt && page.Newest < view.Seq;
            return Fold(overtaken ? page with { Newest = view.Seq } : page);
        }
    }

    /// <summary>Takes an entry that the stream of a timeline brought.</summary>
    /// <returns>False when a snapshot is needed.</returns>
    public bool Take(LoggedRevocation entry, string timeline)
    {
        lock (folding) return Fold(new RevocationPage(timeline, entry.Seq - 1, entry.Seq, Math.Max(entry.Seq, view.Seq), default, [entry]));
    }

    /// <summary>The authority's clock stands at least here.</summary>
    public void Hear(DateTimeOffset now)
    {
        lock (folding)
        {
            if (now > authority.Newest) authority.Newest = now;
            DropPassed();
        }
    }

    /// <summary>What an acknowledgement that is about to be sent says, and the moment that its answer may prove.</summary>
    public (RevocationView View, Moment Mark) Acknowledge()
    {
        lock (folding) return (view, age.Mark()); // in the lock: those who watch have been called for all that is acknowledged
    }

    /// <summary>An acknowledgement was answered.</summary>
    /// <param name="sent">What it said.</param>
    /// <param name="mark">When it was sent.</param>
    /// <param name="timeline">The timeline of the answer.</param>
    /// <param name="seq">The newest number of the answer.</param>
    public FeedStanding Answered(RevocationView sent, Moment mark, string timeline, long seq)
    {
        lock (folding)
        {
            if (timeline != view.Timeline || seq < sent.Seq)
            {
                if (sent.Timeline == view.Timeline) Lose(timeline != view.Timeline ? "another timeline" : "the log went back");
                return FeedStanding.Lost;
            }

            if (waiting.Count < MostWaiting) waiting.Enqueue(new Proof(mark, with.Time.GetTimestamp(), seq));
            Prove();
            return waiting.TryPeek(out var first) && with.Time.GetElapsedTime(first.AnsweredAt) >= BehindFor ? FeedStanding.Behind : FeedStanding.Follows;
        }
    }

    /// <summary>A snapshot is needed; what is held stays held.</summary>
    public void Lose(string why)
    {
        lock (folding)
        {
            if (view.Timeline is null) return;
            view = view with { Timeline = null };
            waiting.Clear();
        }

        with.Log.FeedResync(with.Options.Name, why);
        with.Metrics.Resynced(with.Options.Name);
    }

    private bool Fold(RevocationPage page)
    {
        var (next, take) = view.With(page);
        var unknown = page.Entries.Count(entry => entry.Entry is null);
        if (unknown > 0 && take != RevocationTake.Known) Ignored(unknown, page.Seq);
        view = next;
        if (page.Now > authority.Newest) authority.Newest = page.Now;
        if (take != RevocationTake.Known && page.Entries.Count > unknown) OnRevoked(Denylist.Empty.With(page.Entries.Select(entry => entry.Entry).OfType<RevocationEntry>()));
        if (take == RevocationTake.Resync)
        {
            Lose("a gap, disorder or another timeline");
            return false;
        }

        Prove();
        DropPassed();
        return true;
    }

    // What was answered counts once everything up to it was applied, for the moment it was asked.
    private void Prove()
    {
        while (waiting.TryPeek(out var proof) && proof.Seq <= view.Seq)
        {
            waiting.Dequeue();
            if (!isTooShort) age.SetCurrentAt(proof.Mark);
        }
    }

    private void CheckLength(TimeSpan logged)
    {
        var tooShort = logged < with.Options.NeededTokenAge;
        if (tooShort) with.Log.FeedTooShort(with.Options.Name, logged, with.Options.NeededTokenAge);
        isTooShort = tooShort;
    }

    private void Ignored(int count, long seq)
    {
        with.Log.UnknownRevocations(with.Options.Name, count, seq);
        with.Metrics.Ignored(with.Options.Name, count);
    }

    // The earlier of two clocks: one that was set ahead must not drop anything. Both may be set at once, where they are one machine's: then nothing is dropped for a while.
    private void DropPassed()
    {
        if (with.Time.GetElapsedTime(authority.DroppedAt) < DropEvery) return;
        authority.DroppedAt = with.Time.GetTimestamp();
        if (!clock.IsSteady()) return;
        var own = with.Time.GetUtcNow();
        view = view with { Denylist = view.Denylist.WithoutPassed(own < authority.Newest ? own : authority.Newest) };
    }

    private sealed record Proof(Moment Mark, long AnsweredAt, long Seq);
}

/// <summary>How the view stands to what an acknowledgement's answer said.</summary>
internal enum FeedStanding
{
    /// <summary>It has applied everything, or lacks something for less than a second.</summary>
    Follows,

    /// <summary>Something that the authority has is not coming: it is to be asked for.</summary>
    Behind,

    /// <summary>The view does not fit the log: a snapshot is needed.</summary>
    Lost,
}
