namespace Symbolon.Sessions;

/// <summary>Whether what stands above a session (account, epoch, era, security stamp) still carries it.</summary>
/// <remarks>Rule 4 of DESIGN §4.1, also used by live checks and lists.</remarks>
public static class SessionStanding
{
    /// <summary>Why the session must end, or null when it stands.</summary>
    /// <param name="session">The session.</param>
    /// <param name="subject">Its subject's row; null counts as deleted.</param>
    /// <param name="stamp">Hash of the account's security stamp now; null when the account is gone.</param>
    /// <param name="era">The era in force.</param>
    public static EndReason? Refusal(Session session, Subject? subject, Bytes16? stamp, int era) =>
        subject is null || subject.DeletedAt is not null ? EndReason.AccountDeleted
        : subject.DisabledAt is not null ? EndReason.AccountDisabled
        : session.Era < era ? EndReason.AllEnded
        : session.Epoch < subject.Epoch ? subject.EpochReason ?? EndReason.AllEnded
        : stamp is null ? EndReason.AccountDeleted
        : stamp != session.Stamp ? EndReason.PasswordChanged
        : null;

    /// <summary>Why the session is over at <paramref name="now"/>, or null when it is alive: its own end, its lifetime, then what stands above it.</summary>
    public static EndReason? Over(Session session, Subject? subject, Bytes16? stamp, int era, DateTimeOffset now) =>
        session.Ending?.Reason ?? SessionLifetime.Expiry(session, now) ?? Refusal(session, subject, stamp, era);
}
