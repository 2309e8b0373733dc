namespace Symbolon.Sessions;

/// <summary>The two ends of a session: not used for too long, and too old.</summary>
/// <param name="Inactivity">From the last rotation to the end; default 14 days.</param>
/// <param name="Absolute">From the log-in to the end, whatever happens; default 90 days.</param>
/// <param name="AbsoluteWhenNotRemembered">The same for a session with <c>remember: false</c>; 12 hours.</param>
/// <remarks>DESIGN §4; ASVS 5.0 7.3.1, 7.3.2, 10.4.8.</remarks>
public sealed record SessionLifetime(TimeSpan Inactivity, TimeSpan Absolute, TimeSpan AbsoluteWhenNotRemembered)
{
    /// <summary>14 days, 90 days, 12 hours.</summary>
    public static SessionLifetime Default { get; } = new(TimeSpan.FromDays(14), TimeSpan.FromDays(90), TimeSpan.FromHours(12));

    /// <summary>The two ends of a session that starts now.</summary>
    public (DateTimeOffset ExpiresAt, DateTimeOffset EndsAt) Start(DateTimeOffset now, bool remember)
    {
        var endsAt = WholeSeconds(now + (remember ? Absolute : AbsoluteWhenNotRemembered));
        return (Earlier(WholeSeconds(now + Inactivity), endsAt), endsAt);
    }

    /// <summary>The inactivity end after a rotation; never behind the absolute end.</summary>
    public DateTimeOffset Extend(Session session, DateTimeOffset now) => Earlier(WholeSeconds(now + Inactivity), session.EndsAt);

    /// <summary>Which end the session has reached, or null.</summary>
    public static EndReason? Expiry(Session session, DateTimeOffset now) =>
        now >= session.EndsAt ? EndReason.AbsoluteLifetime
        : now >= session.ExpiresAt ? EndReason.Inactivity
        : null;

    /// <summary>When an access token issued now expires: whole seconds, and never behind the session's end.</summary>
    /// <param name="session">The session.</param>
    /// <param name="now">Now.</param>
    /// <param name="lifetime">The longest life.</param>
    public static DateTimeOffset AccessTokenEnd(Session session, DateTimeOffset now, TimeSpan lifetime) =>
        Earlier(WholeSeconds(now + lifetime), Earlier(session.ExpiresAt, session.EndsAt));

    // A session ends on a whole second, so that a token of its last second can end with it: exp knows nothing smaller.
    private static DateTimeOffset WholeSeconds(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
