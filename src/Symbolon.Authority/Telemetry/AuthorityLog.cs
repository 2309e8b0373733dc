using Microsoft.Extensions.Logging;

namespace Symbolon.Authority;

/// <summary>Every line the authority logs, with stable event ids. Ids and codes only: never a token, a password, a cookie or a whole header.</summary>
internal static partial class AuthorityLog
{
    [LoggerMessage(1001, LogLevel.Information, "Session {Session} started for {Subject} on client {Client}")]
    public static partial void SessionStarted(this ILogger log, string session, string subject, string client);

    [LoggerMessage(1002, LogLevel.Information, "Session {Session} ended: {Reason}")]
    public static partial void SessionEnded(this ILogger log, string session, string reason);

    [LoggerMessage(1003, LogLevel.Information, "All sessions of {Subject} ended: {Reason}")]
    public static partial void SubjectEnded(this ILogger log, string subject, string reason);

    [LoggerMessage(1004, LogLevel.Warning, "Era {Era} begins: everyone's sessions have ended")]
    public static partial void EraRaised(this ILogger log, int era);

    [LoggerMessage(1005, LogLevel.Information, "Access token {Id} of {Subject} was revoked")]
    public static partial void TokenRevoked(this ILogger log, string id, string subject);

    [LoggerMessage(1010, LogLevel.Warning, "Refresh token of session {Session} was used again; the session has ended")]
    public static partial void RefreshReuse(this ILogger log, string session);

    [LoggerMessage(1011, LogLevel.Warning, "The store had lost the newest rotation of session {Session}; it was adopted from its token")]
    public static partial void SessionAdopted(this ILogger log, string session);

    [LoggerMessage(1012, LogLevel.Critical, "The store is behind: a token of session {Session} proves more rotations than it knows. An old backup is in use")]
    public static partial void StoreBehind(this ILogger log, string session);

    [LoggerMessage(1013, LogLevel.Critical, "A refresh token of session {Session} has a right tag and a wrong proof: MAC key {Key} has leaked. Replace the master key")]
    public static partial void KeyMisused(this ILogger log, string session, int key);

    [LoggerMessage(1020, LogLevel.Information, "Password check refused: {Code}")]
    public static partial void PasswordRefused(this ILogger log, string code);

    [LoggerMessage(1021, LogLevel.Warning, "Client {Client} was refused: no such client, or another secret")]
    public static partial void ClientRefused(this ILogger log, string client);

    [LoggerMessage(1022, LogLevel.Information, "Client {Client} got a token of its own for {Scope}")]
    public static partial void ClientTokenIssued(this ILogger log, string client, string scope);

    [LoggerMessage(1030, LogLevel.Information, "Signing key {Kid}: {What}")]
    public static partial void KeysChanged(this ILogger log, string kid, string what);

    [LoggerMessage(1031, LogLevel.Error, "The signing keys cannot be loaded; this server is not ready")]
    public static partial void KeysMissing(this ILogger log, Exception why);

    [LoggerMessage(1032, LogLevel.Warning, "The signing keys cannot be reloaded; those at hand go on verifying, and sign for a few seconds more")]
    public static partial void KeysNotReloaded(this ILogger log, Exception why);

    [LoggerMessage(1040, LogLevel.Warning, "The store cannot be used; callers are told to try again")]
    public static partial void StoreUnavailable(this ILogger log, Exception why);

    [LoggerMessage(1042, LogLevel.Critical, "The revocation log is damaged: no view is current until it is restored")]
    public static partial void LogDamaged(this ILogger log, Exception why);

    [LoggerMessage(1041, LogLevel.Warning, "Housekeeping stopped early and goes on later")]
    public static partial void HousekeepingStopped(this ILogger log, Exception why);
}
