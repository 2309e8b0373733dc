using Microsoft.AspNetCore.Http;
using Symbolon.Access;

namespace Symbolon.AspNetCore;

/// <summary>The problem documents of access tokens: 401 with <c>WWW-Authenticate</c>, 403 (RFC 6750 §3).</summary>
public static class AccessTokenProblems
{
    /// <summary>401: no access token came along.</summary>
    public static SymbolonProblem Missing { get; } = new(
        StatusCodes.Status401Unauthorized, "token_missing", "An access token is required.",
        "Log in and send the access token in the Authorization header: Bearer, a space, the token.", Challenge: "Bearer");

    /// <summary>401: the access token is refused.</summary>
    public static SymbolonProblem Refused(AccessTokenFailure failure, string? reason = null) => new(
        StatusCodes.Status401Unauthorized, failure.Code(), failure.Title(), failure.Detail(), reason,
        Challenge: $"Bearer error=\"invalid_token\", error_description=\"{failure.Code()}\"");

    /// <summary>400: more than one access token came along (RFC 6750 §2 and §3.1).</summary>
    public static SymbolonProblem SeveralTokens { get; } = new(
        StatusCodes.Status400BadRequest, "request_malformed", "The request is malformed.",
        "Send one access token, either in the Authorization header or in the query.", Challenge: "Bearer error=\"invalid_request\"");

    /// <summary>403: the request carries a cookie and came from another site.</summary>
    public static SymbolonProblem CrossSite { get; } = new(
        StatusCodes.Status403Forbidden, "cross_site_request", "The request came from another site.",
        "Requests with the session cookie must come from this origin or a listed one; programs that are no browsers send the header X-Symbolon.");

    /// <summary>503: whether the token counts cannot be said now.</summary>
    public static SymbolonProblem Unavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "unavailable", "The service cannot do this now.",
        "What you asked for may not have been done. Try again after a moment.", RetryAfter: TimeSpan.FromSeconds(2));

    /// <summary>503: what is revoked is not known recently enough.</summary>
    public static SymbolonProblem ViewStale { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "view_stale", "The service cannot say now whether the session is still alive.",
        "The access token may be fine: keep it, and try again after a moment.", RetryAfter: TimeSpan.FromSeconds(2));

    /// <summary>403: a role is missing.</summary>
    public static SymbolonProblem RoleMissing { get; } = new(
        StatusCodes.Status403Forbidden, "role_missing", "A role is missing.",
        "The account lacks a role that this needs. Ask an administrator for it.", Challenge: "Bearer error=\"insufficient_scope\"");

    /// <summary>403: a scope is missing.</summary>
    public static SymbolonProblem ScopeMissing(string? scope) => new(
        StatusCodes.Status403Forbidden, "scope_missing", "A scope is missing.",
        "The access token lacks a scope that this needs. Have it issued with the scope.",
        Challenge: scope is null ? "Bearer error=\"insufficient_scope\"" : $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"");

    /// <summary>403: another requirement of the application's own is not met.</summary>
    public static SymbolonProblem Forbidden { get; } = new(
        StatusCodes.Status403Forbidden, "forbidden", "Not allowed.", "The account may not do this.", Challenge: "Bearer error=\"insufficient_scope\"");
}
