namespace Symbolon.Sessions;

/// <summary>What housekeeping does with a row it comes by.</summary>
/// <remarks>
/// A wrong clock must not end sessions for good (DESIGN §4.1, rule 3): what has expired is only refused, and ended here a day later.
/// </remarks>
public static class SessionSweep
{
    /// <summary>How long after its time a session is ended: longer than clocks are wrong unnoticed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    /// <summary>Decides.</summary>
    /// <param name="facts">The row and what stands above it.</param>
    /// <param name="keepEnded">How long ended sessions are kept.</param>
    public static SweepDecision Decide(SessionFacts facts, TimeSpan keepEnded)
    {
        var (session, now) = (facts.Session!, facts.Now);
        if (session.Ending is { } ending) return ending.At + keepEnded <= now ? new SweepDecision.Purge() : new SweepDecision.Keep();

        // Ended from above long since: the subject's or the era's own entry has told verifiers, so the row only catches up.
        var reason = SessionStanding.Refusal(session, facts.Subject, session.Stamp, facts.Era) ?? SessionLifetime.Expiry(session, now - Grace);
        return reason is { } why ? new SweepDecision.End(SessionEnd.Of(session, why, by: null, now) with { Entry = null }) : new SweepDecision.Keep();
    }
}

/// <summary>What housekeeping does with a row.</summary>
public abstract record SweepDecision
{
    private SweepDecision() { }

    /// <summary>Nothing.</summary>
    public sealed record Keep : SweepDecision;

    /// <summary>It has been over for a while: the row says so now.</summary>
    public sealed record End(SessionEnd What) : SweepDecision;

    /// <summary>It was kept for long enough.</summary>
    public sealed record Purge : SweepDecision;
}
