using Symbolon.AspNetCore;
using Symbolon.Revocation;

namespace Symbolon.Authority;

/// <summary>What is revoked, for the verifier in the authority's own process: <see cref="RevocationFollower"/> feeds it from the log, without HTTP.</summary>
internal sealed class InProcessRevocationFeed(TimeProvider time) : RevocationFeed
{
    private readonly ViewAge age = new(time);
    private readonly SteadyClock clock = new(time, isTrusted: false); // what a clock that was ahead for a moment dropped would count again
    private volatile RevocationView view = RevocationView.None;

    public override RevocationView View => view;

    public override TimeSpan Age => age.Value;

    /// <summary>When the newest complete read began; null before the first.</summary>
    public Moment? CurrentAt => age.CurrentAt;

    /// <summary>The log's clock at the newest read.</summary>
    public DateTimeOffset LogTime { get; private set; }

    /// <summary>To be taken before the log is read.</summary>
    public Moment Mark() => age.Mark();

    /// <summary>Takes a page. False: it does not fit, a snapshot is next; what it brought is held all the same.</summary>
    public bool Take(RevocationPage page, Moment mark)
    {
        var (next, take) = view.With(page);
        if (take == RevocationTake.Resync)
        {
            view = next with { Timeline = null };
            return false;
        }

        LogTime = page.Now;
        view = clock.IsSteady() ? next with { Denylist = next.Denylist.WithoutPassed(Earlier(page.Now, time.GetUtcNow())) } : next;
        if (page.Seq == page.Newest) age.SetCurrentAt(mark);
        return true;
    }

    /// <summary>Tells the watchers what a page has brought.</summary>
    public void Announce(RevocationPage page)
    {
        if (page.Entries.Count > 0) OnRevoked(Denylist.Empty.With(page.Entries.Select(logged => logged.Entry).OfType<RevocationEntry>()));
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
