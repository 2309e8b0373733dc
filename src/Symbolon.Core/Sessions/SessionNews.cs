namespace Symbolon.Sessions;

/// <summary>What the holder of a session is to be told. Pure: two looks in, at most one piece of news out.</summary>
public abstract record SessionNews
{
    private SessionNews() { }

    /// <summary>The session is over.</summary>
    /// <param name="Reason">Why; null when its row is gone.</param>
    public sealed record Ended(EndReason? Reason) : SessionNews;

    /// <summary>Roles or other claims are others than before: access tokens made until now are to be refreshed.</summary>
    /// <param name="Version">The claims version now.</param>
    public sealed record ClaimsChanged(int Version) : SessionNews;

    /// <summary>What is new since the look before; null for nothing. An end comes before everything else.</summary>
    /// <remarks>An end that may be the moment between two writes (<see cref="SessionSight.IsSure"/>) counts when the look before saw it too: who is told so wrongly has been logged out by us.</remarks>
    public static SessionNews? Between(SessionSight before, SessionSight now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        return now.IsOver && (now.IsSure || before.IsOver) ? new Ended(now.Reason)
            : now.ClaimsVersion > before.ClaimsVersion || !now.Roles.SetEquals(before.Roles) ? new ClaimsChanged(now.ClaimsVersion)
            : null;
    }
}

/// <summary>What one look at a session's row, and at what stands above it, saw.</summary>
/// <param name="ClaimsVersion">The subject's claims version.</param>
/// <param name="Roles">The account's roles.</param>
public sealed record SessionSight(int ClaimsVersion, IReadOnlySet<string> Roles)
{
    /// <summary>Whether the session is over.</summary>
    public bool IsOver { get; private init; }

    /// <summary>Why; null when its row is gone.</summary>
    public EndReason? Reason { get; private init; }

    /// <summary>Whether that is certain from this look alone. A strange security stamp is not: a profile that changes writes the account first, and its sessions a moment later.</summary>
    public bool IsSure { get; private init; } = true;

    /// <summary>How long until the nearer of its two ends; a refresh may move it.</summary>
    public TimeSpan Rest { get; private init; } = TimeSpan.MaxValue;

    /// <summary>The look at a session.</summary>
    /// <param name="facts">The row and what stands above it.</param>
    /// <param name="stamp">Hash of the account's security stamp; null when the account is gone.</param>
    /// <param name="roles">The account's roles.</param>
    public static SessionSight Of(SessionFacts facts, Bytes16? stamp, IEnumerable<string> roles)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var sight = new SessionSight(facts.Subject?.ClaimsVersion ?? 0, roles.ToHashSet(StringComparer.Ordinal));
        if (facts.Session is not { } session) return sight with { IsOver = true };
        var reason = SessionStanding.Over(session, facts.Subject, stamp, facts.Era, facts.Now);
        return sight with
        {
            IsOver = reason is not null,
            Reason = reason,
            IsSure = stamp is null || SessionStanding.Over(session, facts.Subject, session.Stamp, facts.Era, facts.Now) == reason,
            Rest = (session.ExpiresAt < session.EndsAt ? session.ExpiresAt : session.EndsAt) - facts.Now,
        };
    }
}
