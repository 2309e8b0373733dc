using Symbolon.Revocation;

namespace Symbolon.Sessions;

/// <summary>What ending a session writes, all in one transaction: the row, the revocation entry, the event.</summary>
/// <param name="Session">The row, ended.</param>
/// <param name="Entry">What verifiers must learn; null when no access token can outlive the session anyway.</param>
/// <param name="Event">What the log keeps.</param>
public sealed record SessionEnd(Session Session, RevocationEntry? Entry, SessionEvent Event)
{
    /// <summary>Ends a session.</summary>
    /// <param name="session">The session, not ended yet.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">The subject who did it, or null for the authority itself.</param>
    /// <param name="now">When.</param>
    /// <remarks>A session at the end of its time needs no entry: <c>exp</c> never lies behind the session's end (DESIGN §3.1).</remarks>
    public static SessionEnd Of(Session session, EndReason reason, string? by, DateTimeOffset now) => new(
        session with { Ending = new SessionEnding(now, reason, by) },
        reason.IsAge() ? null : RevocationEntry.OfSession(session.Id, reason, now),
        new SessionEvent(EventKind.SessionEnded, now, session.Id, session.Subject, session.Generation, reason.Code(), by));
}
