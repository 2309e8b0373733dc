namespace Symbolon.Sessions;

/// <summary>One thing that happened, as the event log keeps it: ids only, no personal data, no secret.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, by the store's clock.</param>
/// <param name="Session">The session, where there is one.</param>
/// <param name="Subject">The subject, where there is one.</param>
/// <param name="Number">Generation, epoch, claims version or era, by kind.</param>
/// <param name="Reason">End reason or code, by kind.</param>
/// <param name="By">The subject who did it, or null for the authority itself.</param>
public sealed record SessionEvent(
    EventKind Kind, DateTimeOffset At, SessionId? Session = null, SubjectId? Subject = null, long? Number = null, string? Reason = null, string? By = null);

/// <summary>What an event says. Numbers are stored: never change or reuse one.</summary>
public enum EventKind
{
    /// <summary>A session started (number: its epoch).</summary>
    SessionStarted = 1,

    /// <summary>A child was used and is now confirmed (number: its generation).</summary>
    SessionRefreshed = 2,

    /// <summary>The confirmed token came again and was served (number: its generation).</summary>
    SessionRetried = 3,

    /// <summary>The store had lost an acknowledged rotation; the token proved it (number: its generation).</summary>
    SessionAdopted = 4,

    /// <summary>A session ended (reason).</summary>
    SessionEnded = 5,

    /// <summary>A token more than one acknowledged write ahead of the store: an old backup is in use (number: its generation).</summary>
    StoreBehind = 6,

    /// <summary>A token with a right tag and a wrong proof: a key has leaked.</summary>
    KeyMisused = 7,

    /// <summary>One access token was revoked by its client (reason: its id).</summary>
    TokenRevoked = 8,

    /// <summary>All sessions of a subject ended (number: its new epoch; reason).</summary>
    SubjectEnded = 10,

    /// <summary>A subject's claims changed (number: its new claims version).</summary>
    ClaimsChanged = 11,

    /// <summary>An account was made.</summary>
    AccountCreated = 20,

    /// <summary>An account's password was changed.</summary>
    PasswordChanged = 21,

    /// <summary>An account was disabled.</summary>
    AccountDisabled = 22,

    /// <summary>An account was enabled again.</summary>
    AccountEnabled = 23,

    /// <summary>An account was deleted.</summary>
    AccountDeleted = 24,

    /// <summary>A log-in or a password check failed (reason: code).</summary>
    LoginFailed = 25,

    /// <summary>Everyone's sessions ended (number: the new era).</summary>
    EraRaised = 30,

    /// <summary>A signing key was announced (reason: its id).</summary>
    KeyAnnounced = 40,

    /// <summary>A signing key was removed in an emergency (reason: its id).</summary>
    KeyRemoved = 41,
}
