using Microsoft.Extensions.Logging;

namespace Symbolon.Client;

/// <summary>Every line the client logs, with stable event ids. Keys of sessions, ids, counts and codes only: never a token, a password or a body.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(5001, LogLevel.Information, "{SessionKey}: signed in, session {SessionId}")]
    public static partial void SignedIn(this ILogger log, string sessionKey, string sessionId);

    [LoggerMessage(5002, LogLevel.Debug, "{SessionKey}: refreshed, generation {Generation}")]
    public static partial void Refreshed(this ILogger log, string sessionKey, int generation);

    [LoggerMessage(5003, LogLevel.Warning, "{SessionKey}: not refreshed; the session goes on, the next try is in {Wait} at the earliest. {Why}")]
    public static partial void RefreshFailed(this ILogger log, string sessionKey, string why, TimeSpan wait);

    [LoggerMessage(5004, LogLevel.Information, "{SessionKey}: signed out: {Code} {Reason}")]
    public static partial void SignedOut(this ILogger log, string sessionKey, string code, string? reason);

    [LoggerMessage(5005, LogLevel.Error, "{SessionKey}: a refreshed token cannot be stored ({Error}); this run goes on with it, and another one asks again with the attempt's id")]
    public static partial void NotStored(this ILogger log, string sessionKey, string error);

    [LoggerMessage(5006, LogLevel.Warning, "{SessionKey}: the refresh lock was not to be had, since another process holds it for too long or it cannot be opened; going on without it")]
    public static partial void LockNotHad(this ILogger log, string sessionKey);

    [LoggerMessage(5007, LogLevel.Warning, "{SessionKey}: a token that had just been refreshed was refused too; the next refresh for a refused token is in {Wait} at the earliest. Check the API's clock, audience and issuer")]
    public static partial void NewTokenRefused(this ILogger log, string sessionKey, TimeSpan wait);

    [LoggerMessage(5008, LogLevel.Warning, "{SessionKey}: the authority could not be told of the end of session {SessionId} yet")]
    public static partial void LogoutNotTold(this ILogger log, string sessionKey, string sessionId);

    [LoggerMessage(5009, LogLevel.Warning, "{SessionKey}: what is stored belongs to {Authority}, which is not the one that is configured; nobody counts as signed in")]
    public static partial void OfAnotherAuthority(this ILogger log, string sessionKey, string authority);

    [LoggerMessage(5013, LogLevel.Error, "{SessionKey}: the end of session {SessionId} cannot be stored ({Error}); it counts in this run, and another one asks the authority")]
    public static partial void EndNotStored(this ILogger log, string sessionKey, string sessionId, string error);

    [LoggerMessage(5010, LogLevel.Warning, "Requests to {Origin} carry no token: it is not in AllowedHosts")]
    public static partial void HostNotAllowed(this ILogger log, string origin);

    [LoggerMessage(5011, LogLevel.Warning, "A request to {Origin} was refused, and its body cannot be sent again: {Reason}")]
    public static partial void BodyNotReplayed(this ILogger log, string origin, NotReplayedReason reason);

    [LoggerMessage(5012, LogLevel.Error, "Whoever listens to SignedOut threw {Error}")]
    public static partial void ListenerThrew(this ILogger log, string error);

    [LoggerMessage(5020, LogLevel.Warning, "{File} holds no tokens that can be read; nobody counts as signed in")]
    public static partial void FileNotReadable(this ILogger log, string file);
}
