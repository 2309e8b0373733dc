using Symbolon.Revocation;

namespace Symbolon.Sessions;

/// <summary>What a change above a subject's sessions writes, all in one transaction: the subject's row, the revocation entry, the events.</summary>
/// <param name="Subject">The row, changed.</param>
/// <param name="Entry">What verifiers must learn, or null.</param>
/// <param name="Events">What the log keeps.</param>
/// <remarks>DESIGN §4.3: ending all sessions of a user is one row, whatever their number.</remarks>
public sealed record SubjectChange(Subject Subject, RevocationEntry? Entry, params SessionEvent[] Events)
{
    /// <summary>Ends all sessions: raises the epoch.</summary>
    public static SubjectChange EndAll(Subject subject, EndReason reason, string? by, DateTimeOffset now)
    {
        var next = subject with { Epoch = subject.Epoch + 1, EpochReason = reason };
        return new(
            next,
            RevocationEntry.OfSubject(subject.Id, next.Epoch, reason, now),
            new SessionEvent(EventKind.SubjectEnded, now, Subject: subject.Id, Number: next.Epoch, Reason: reason.Code(), By: by));
    }

    /// <summary>Says that roles or other claims changed: raises the claims version, so that access tokens are refreshed.</summary>
    public static SubjectChange ClaimsChanged(Subject subject, string? by, DateTimeOffset now)
    {
        var next = subject with { ClaimsVersion = subject.ClaimsVersion + 1 };
        return new(
            next,
            RevocationEntry.OfClaims(subject.Id, next.ClaimsVersion, now),
            new SessionEvent(EventKind.ClaimsChanged, now, Subject: subject.Id, Number: next.ClaimsVersion, By: by));
    }

    /// <summary>Notes a new account.</summary>
    public static SubjectChange Created(Subject subject, DateTimeOffset now) =>
        new(subject, Entry: null, new SessionEvent(EventKind.AccountCreated, now, Subject: subject.Id, By: subject.Id.Value));

    /// <summary>Ends all sessions for a password that has been changed.</summary>
    public static SubjectChange PasswordChanged(Subject subject, string? by, DateTimeOffset now) =>
        EndAll(subject, EndReason.PasswordChanged, by, now).And(
            row => row,
            new SessionEvent(EventKind.PasswordChanged, now, Subject: subject.Id, By: by));

    /// <summary>Disables the account and ends its sessions.</summary>
    public static SubjectChange Disable(Subject subject, string? by, DateTimeOffset now) =>
        EndAll(subject, EndReason.AccountDisabled, by, now).And(
            row => row with { DisabledAt = subject.DisabledAt ?? now },
            new SessionEvent(EventKind.AccountDisabled, now, Subject: subject.Id, By: by));

    /// <summary>Enables the account again; sessions that ended stay ended.</summary>
    public static SubjectChange Enable(Subject subject, string? by, DateTimeOffset now) =>
        new(subject with { DisabledAt = null }, Entry: null, new SessionEvent(EventKind.AccountEnabled, now, Subject: subject.Id, By: by));

    /// <summary>Deletes the account and ends its sessions; the id stays, so that it never means anybody else.</summary>
    public static SubjectChange Delete(Subject subject, string? by, DateTimeOffset now) =>
        EndAll(subject, EndReason.AccountDeleted, by, now).And(
            row => row with { DeletedAt = subject.DeletedAt ?? now },
            new SessionEvent(EventKind.AccountDeleted, now, Subject: subject.Id, By: by));

    private SubjectChange And(Func<Subject, Subject> change, SessionEvent more) => new(change(Subject), Entry, [.. Events, more]);
}
