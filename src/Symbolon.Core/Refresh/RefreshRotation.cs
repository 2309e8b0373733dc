using Symbolon.Sessions;
using static Symbolon.Refresh.RefreshDecision;

namespace Symbolon.Refresh;

/// <summary>The rules of rotation: what presenting an authentic refresh token does.</summary>
/// <remarks>DESIGN §4.1; RFC 9700 §4.14.2; ASVS 5.0 10.4.5 and 10.4.8.</remarks>
public static class RefreshRotation
{
    /// <summary>Decides. First match wins; never throws; changes nothing.</summary>
    /// <param name="facts">The session's row and what stands above it, read together; its <c>Now</c> is the instant of the decision. Order is generation, never this.</param>
    /// <param name="stamp">Hash of the account's security stamp, read after the facts; null when the account is gone.</param>
    /// <param name="token">The token as it was presented.</param>
    /// <param name="policy">How the session's client refreshes.</param>
    /// <param name="lifetime">How long sessions live.</param>
    public static RefreshDecision Decide(SessionFacts facts, Bytes16? stamp, PresentedRefreshToken token, RefreshPolicy policy, SessionLifetime lifetime)
    {
        if (facts.Session is not { } session) return new Unknown();
        var (now, ahead) = (facts.Now, (long)token.Token.Generation - session.Generation);
        return
            !token.IsProven ? new Forged()
            : token.IsForeignTo(session, policy) ? new Foreign()
            : session.Ending is { } ending ? new Ended(ending.Reason)
            : SessionLifetime.Expiry(session, now) is { } expiry ? new Expired(expiry)
            : SessionStanding.Refusal(session, facts.Subject, stamp, facts.Era) is { } refusal ? new Ends(refusal)
            : !token.MeetsConstraintOf(session) ? new ProofRequired()
            : policy.AttemptsRequired && token.Attempt is null ? new AttemptRequired()
            : token.Token.Generation == int.MaxValue ? new Expired(EndReason.AbsoluteLifetime) // there is no generation for a child
            : ahead == 1 ? new Rotate(Confirm(session, token, now, policy, lifetime))
            : token.IsConfirmedOf(session) && AllowsRetry(session, token, now, policy) ? new Retry(token.Attempt)
            : ahead == 2 ? new Adopt(Confirm(session, token, now, policy, lifetime))
            : ahead > 2 ? new StoreBehind()
            : MayBeUnderWay(session, token, now, policy) ? new AskAgain()
            : new Reuse();
    }

    // A child that is used becomes the session's only line: its siblings are dead from here on [I2] [I8].
    private static Session Confirm(Session session, PresentedRefreshToken token, DateTimeOffset now, RefreshPolicy policy, SessionLifetime lifetime) => session with
    {
        Generation = token.Token.Generation,
        Branch = token.Token.Branch,
        ConfirmedAt = now,
        Attempts = AttemptHashes.Of(token.Attempt),
        Superseded = SupersededTokens.After(session, now, policy.Settle, skipsGeneration: token.Token.Generation == session.Generation + 2),
        LastSeenAt = now,
        ExpiresAt = lifetime.Extend(session, now),
    };

    // Sent before its sender could know of the rotation: a sibling of the confirmed token, or what was confirmed until a moment ago [I7].
    private static bool MayBeUnderWay(Session session, PresentedRefreshToken token, DateTimeOffset now, RefreshPolicy policy) =>
        (token.Token.Generation == session.Generation && now - session.ConfirmedAt < policy.Settle)
        || session.Superseded.Contains(token.Token.Generation, token.Token.Branch, now, policy.Settle);

    private static bool AllowsRetry(Session session, PresentedRefreshToken token, DateTimeOffset now, RefreshPolicy policy) =>
        (!policy.AttemptsRequired && now - session.ConfirmedAt < policy.Overlap)
        || session.Attempts.Contains(token.Attempt)
        || session.ConfirmationThumbprint is not null; // proven: rule 5 has passed
}
