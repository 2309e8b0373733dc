using Symbolon.Sessions;

namespace Symbolon.Client;

/// <summary>The session has ended for good: the user has to sign in again. Thrown for nothing else.</summary>
public sealed class SignedOutException : Exception
{
    internal SignedOutException(string sessionKey, string code, string? reason) : base($"The session has ended ({code}{(reason is null ? "" : $", {reason}")}). Sign in again.") =>
        (SessionKey, Code, Reason) = (sessionKey, code, Ending.Parse(reason));

    /// <summary>The session's key in this program.</summary>
    public string SessionKey { get; }

    /// <summary>The authority's code: <c>refresh_invalid</c>, <c>session_ended</c>, <c>session_expired</c> or <c>refresh_reuse</c>; <c>logout</c> when this program, or another on the same store, signed out.</summary>
    public string Code { get; }

    /// <summary>Why, if the authority said so.</summary>
    public EndReason? Reason { get; }
}

/// <summary>A session has ended: told once, to whoever listens at <see cref="SymbolonClient.SignedOut"/>.</summary>
public sealed class SignedOutEventArgs : EventArgs
{
    internal SignedOutEventArgs(string sessionKey, Ending ending) => (SessionKey, Code, Reason) = (sessionKey, ending.Code, Ending.Parse(ending.Reason));

    /// <summary>The session's key in this program.</summary>
    public string SessionKey { get; }

    /// <summary>As <see cref="SignedOutException.Code"/>.</summary>
    public string Code { get; }

    /// <summary>Why, if the authority said so.</summary>
    public EndReason? Reason { get; }
}

/// <summary>How a session ended: the authority's words.</summary>
internal sealed record Ending(string Code, string? Reason)
{
    /// <summary>The user, here or in another process on the same store.</summary>
    public static readonly Ending ByLogout = new("logout", "logout");

    private static readonly string[] Codes = ["refresh_invalid", "session_ended", "session_expired", "refresh_reuse"];

    /// <summary>Whether the code ends a session: docs/endpoints.md, first row. No other does.</summary>
    public static bool IsOne(string code) => Codes.Contains(code);

    public static EndReason? Parse(string? reason) => reason is not null && EndReasons.TryParse(reason, out var known) ? known : null;
}
