namespace Symbolon.Sessions;

/// <summary>One log-in on one device: the only row that its refresh family occupies, however often it is refreshed.</summary>
/// <remarks>DESIGN §4. Immutable; a change is a new record, committed by compare-and-swap on (generation, branch, not ended).</remarks>
public sealed record Session
{
    /// <summary>The session's id (<c>sid</c>).</summary>
    public required SessionId Id { get; init; }

    /// <summary>Whose session it is.</summary>
    public required SubjectId Subject { get; init; }

    /// <summary>The client it belongs to; nobody else may refresh it.</summary>
    public required string ClientId { get; init; }

    /// <summary>The device as the client described it.</summary>
    public required Device Device { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the user authenticated.</summary>
    public required DateTimeOffset AuthTime { get; init; }

    /// <summary>Authentication context class reference, or null.</summary>
    public string? Acr { get; init; }

    /// <summary>Authentication methods (RFC 8176), separated by spaces.</summary>
    public string Amr { get; init; } = "";

    /// <summary>Granted scopes (RFC 6749 §3.3), separated by spaces.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Address of the log-in, or null. Personal data.</summary>
    public string? IpAddress { get; init; }

    /// <summary>User agent of the log-in, or null. Personal data.</summary>
    public string? UserAgent { get; init; }

    /// <summary>How its refresh token travels; a token that comes the other way is foreign.</summary>
    public required SessionTransport Transport { get; init; }

    /// <summary>False for a session that should not outlive the browser.</summary>
    public required bool Remember { get; init; }

    /// <summary>Generation of the confirmed token; 0 until the first child is used.</summary>
    public int Generation { get; init; }

    /// <summary>Branch of the confirmed token.</summary>
    public long Branch { get; init; }

    /// <summary>Random; enters the proof of each refresh token, so that keys alone make none.</summary>
    public required Bytes16 Salt { get; init; }

    /// <summary>When the confirmed token was confirmed.</summary>
    public required DateTimeOffset ConfirmedAt { get; init; }

    /// <summary>Hashes of the attempt ids that came with the confirmed token.</summary>
    public AttemptHashes Attempts { get; init; }

    /// <summary>The tokens that were confirmed until a moment ago.</summary>
    public SupersededTokens Superseded { get; init; }

    /// <summary>How often a confirmed token came again and was served.</summary>
    public int Retries { get; init; }

    /// <summary>Last log-in or rotation.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>The inactivity end; only a rotation moves it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The absolute end; never grows [I11].</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The era in force at the start.</summary>
    public required int Era { get; init; }

    /// <summary>The subject's epoch in force at the start.</summary>
    public required int Epoch { get; init; }

    /// <summary>Hash of the account's security stamp at the start.</summary>
    public required Bytes16 Stamp { get; init; }

    /// <summary>JWK thumbprint of the holder's key (RFC 9449 <c>jkt</c>), or null.</summary>
    public string? ConfirmationThumbprint { get; init; }

    /// <summary>How it ended, or null while it lives.</summary>
    public SessionEnding? Ending { get; init; }

    /// <summary>The session after its confirmed token came again: counted, the attempt kept. Relative, so that parallel retries all count.</summary>
    public Session Retried(Bytes16? attempt) => this with { Retries = Retries + 1, Attempts = Attempts.With(attempt) };
}

/// <summary>How a session ended.</summary>
/// <param name="At">When.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">The subject who did it, or null for the authority itself.</param>
public sealed record SessionEnding(DateTimeOffset At, EndReason Reason, string? By);

/// <summary>The device of a session, as its client described it.</summary>
/// <param name="Id">Made by the client (or by us) and kept there; up to 128 characters.</param>
/// <param name="Name">For the user's own list; up to 64 characters.</param>
/// <param name="Type">For example <c>browser</c>, <c>phone</c>; up to 32 characters.</param>
public sealed record Device(string Id, string? Name, string? Type);

/// <summary>How a refresh token travels.</summary>
public enum SessionTransport
{
    /// <summary>In JSON or form bodies.</summary>
    Body,

    /// <summary>In the HttpOnly cookie.</summary>
    Cookie,
}
