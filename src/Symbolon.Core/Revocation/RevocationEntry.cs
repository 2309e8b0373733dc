using Symbolon.Sessions;

namespace Symbolon.Revocation;

/// <summary>One thing revoked, as the revocation log orders it and verifiers learn it. Ids only, no personal data.</summary>
/// <param name="Kind">What is revoked.</param>
/// <param name="Key">The sid, jti, sub or kid; empty for the era.</param>
/// <param name="Number">The new epoch, claims version or era; 0 for the others.</param>
/// <param name="At">When.</param>
/// <param name="Until">When every token it concerns has expired at every verifier; then the entry is dropped.</param>
/// <param name="Reason">Why: an end reason's code, or null.</param>
/// <remarks>DESIGN §6.</remarks>
public sealed record RevocationEntry(RevocationKind Kind, string Key, int Number, DateTimeOffset At, DateTimeOffset Until, string? Reason)
{
    /// <summary>The longest life that any verifier grants an access token.</summary>
    public static readonly TimeSpan MaxTokenAge = TimeSpan.FromHours(1);

    /// <summary>How long an entry is kept: <see cref="MaxTokenAge"/> and twice the clock skew that verifiers allow.</summary>
    public static readonly TimeSpan Life = MaxTokenAge + TimeSpan.FromSeconds(60);

    /// <summary>One access token was revoked (RFC 7009).</summary>
    public static RevocationEntry OfToken(string jti, DateTimeOffset at) =>
        new(RevocationKind.Token, Known(jti), 0, at, at + Life, Reason: null);

    /// <summary>A session ended.</summary>
    public static RevocationEntry OfSession(SessionId id, EndReason reason, DateTimeOffset at) =>
        new(RevocationKind.Session, id.ToString(), 0, at, at + Life, reason.Code());

    /// <summary>A subject's epoch was raised: all sessions that started below it are over.</summary>
    public static RevocationEntry OfSubject(SubjectId id, int epoch, EndReason reason, DateTimeOffset at) =>
        new(RevocationKind.Subject, Known(id.Value), epoch, at, at + Life, reason.Code());

    /// <summary>A subject's claims version was raised: older access tokens are to be refreshed.</summary>
    public static RevocationEntry OfClaims(SubjectId id, int version, DateTimeOffset at) =>
        new(RevocationKind.Claims, Known(id.Value), version, at, at + Life, Reason: null);

    /// <summary>The era was raised: everyone out.</summary>
    public static RevocationEntry OfEra(int era, DateTimeOffset at) =>
        new(RevocationKind.Era, "", era, at, at + Life, EndReason.AllEnded.Code());

    /// <summary>A signing key was removed in an emergency.</summary>
    public static RevocationEntry OfKey(string kid, DateTimeOffset at) =>
        new(RevocationKind.Key, Known(kid), 0, at, at + Life, Reason: null);

    // An entry about nothing in the log: every verifier would refuse the log from there on.
    private static string Known(string id) => string.IsNullOrEmpty(id) ? throw new ArgumentException("A revocation without an id revokes nothing.", nameof(id)) : id;
}

/// <summary>What a revocation entry is about. Numbers are stored: never change or reuse one.</summary>
public enum RevocationKind
{
    /// <summary>One session (<c>sid</c>).</summary>
    Session = 1,

    /// <summary>One access token (<c>jti</c>).</summary>
    Token = 2,

    /// <summary>A subject's epoch, hard.</summary>
    Subject = 3,

    /// <summary>A subject's claims version, soft.</summary>
    Claims = 4,

    /// <summary>A signing key (<c>kid</c>).</summary>
    Key = 5,

    /// <summary>The era: everyone.</summary>
    Era = 6,
}
