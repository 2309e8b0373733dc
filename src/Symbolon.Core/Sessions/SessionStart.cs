using System.Collections.Immutable;

namespace Symbolon.Sessions;

/// <summary>What starting a session writes: the new row, and the sessions that make room for it.</summary>
/// <param name="Session">The new session, at generation 0.</param>
/// <param name="Ends">Sessions that end with it.</param>
/// <param name="Event">What the log keeps.</param>
/// <remarks>DESIGN §4; ASVS 5.0 7.1.2 and 7.2.4.</remarks>
public sealed record SessionStart(Session Session, ImmutableArray<SessionEnd> Ends, SessionEvent Event)
{
    /// <summary>Decides which of a subject's live sessions make room for a new one.</summary>
    /// <param name="session">The new session.</param>
    /// <param name="live">The subject's sessions that are alive at <paramref name="now"/>.</param>
    /// <param name="limit">The most live sessions of one subject, the new one included.</param>
    /// <param name="now">When it starts.</param>
    /// <param name="predecessor">The live session whose cookie came along with the log-in, of whatever subject, or null.</param>
    /// <remarks>One device and client has one session: the older one is replaced. Then those that were seen least recently end.</remarks>
    public static SessionStart Plan(Session session, IReadOnlyCollection<Session> live, int limit, DateTimeOffset now, Session? predecessor = null)
    {
        var replaced = live.Where(old => old.Id == predecessor?.Id || (old.Device.Id == session.Device.Id && old.ClientId == session.ClientId)).ToList();
        if (predecessor is not null && !replaced.Exists(old => old.Id == predecessor.Id)) replaced.Add(predecessor);
        var excess = live.Where(old => !replaced.Exists(gone => gone.Id == old.Id)).OrderByDescending(old => old.LastSeenAt).ThenByDescending(old => old.Id).Skip(limit - 1);
        var ends = replaced.Select(old => SessionEnd.Of(old, EndReason.Replaced, session.Subject.Value, now))
            .Concat(excess.Select(old => SessionEnd.Of(old, EndReason.SessionLimit, by: null, now)));
        return new SessionStart(
            session,
            [.. ends],
            new SessionEvent(EventKind.SessionStarted, now, session.Id, session.Subject, session.Epoch, By: session.Subject.Value));
    }
}
