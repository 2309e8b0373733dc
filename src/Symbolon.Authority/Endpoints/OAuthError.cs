using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority.Endpoints;

/// <summary>An error of an OAuth endpoint (RFC 6749 §5.2), with our code and the reason added.</summary>
/// <remarks>Ask-again is 503 with Retry-After and never <c>invalid_grant</c>: OAuth clients log the user out at that.</remarks>
internal sealed record OAuthError(int Status, string Error, string Description, string Code, string? Reason = null, TimeSpan? RetryAfter = null, bool Challenges = false) : IResult
{
    public static OAuthError UnsupportedGrant { get; } = new(400, "unsupported_grant_type", "grant_type must be refresh_token or client_credentials.", "request_malformed");

    public static OAuthError NotAVerifier { get; } = new(
        400, "unauthorized_client", $"Introspection needs a confidential client with the scope {Authority.Client.VerifierScope}.", "unauthorized_client");

    public static OAuthError Unavailable { get; } = Temporary(Problems.Unavailable);

    /// <summary>The same with 401 and a challenge, where the client's authentication failed.</summary>
    public OAuthError Challenged => Error == "invalid_client" ? this with { Status = 401, Challenges = true } : this;

    public static OAuthError Request(string what) => new(400, "invalid_request", what, "request_malformed");

    public static OAuthError Client(bool challenges) => new(challenges ? 401 : 400, "invalid_client", "The client is not known, or its secret is wrong.", "unknown_client", Challenges: challenges);

    public static OAuthError Of(ClientTokenOutcome.Refused refused) => new(400, refused.Error, refused.Why, refused.Error);

    public static OAuthError Of(RefreshOutcome outcome)
    {
        var problem = outcome.Problem();
        return outcome.IsOver() ? new OAuthError(400, "invalid_grant", problem.Title, problem.Code, problem.Reason)
            : outcome is RefreshOutcome.AskAgain or RefreshOutcome.Unavailable ? Temporary(problem)
            : new OAuthError(400, "invalid_request", problem.Detail, problem.Code);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait) response.Headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds)}";
        if (Challenges) response.Headers.WWWAuthenticate = "Basic realm=\"symbolon\"";
        await response.WriteAsJsonAsync(
            new OAuthErrorResponse(Error, Description, Code, Reason), AuthorityJson.Default.OAuthErrorResponse, cancellationToken: httpContext.RequestAborted);
    }

    private static OAuthError Temporary(SymbolonProblem problem) => new(503, "temporarily_unavailable", problem.Detail, problem.Code, RetryAfter: problem.RetryAfter);
}

/// <summary>Body of an OAuth error.</summary>
internal sealed record OAuthErrorResponse(string Error, string ErrorDescription, string Code, string? Reason);

/// <summary>Turns outages into OAuth errors; nothing may be cached.</summary>
internal sealed class OAuthFilter(AuthorityTelemetry telemetry) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        context.HttpContext.Response.Headers.Pragma = "no-cache";
        try
        {
            return await next(context);
        }
        catch (StoreUnavailableException e)
        {
            telemetry.Unavailable(e);
            return OAuthError.Unavailable;
        }
    }
}

/// <summary>OAuth errors in OpenAPI.</summary>
internal static class OAuthConventions
{
    public static RouteHandlerBuilder OAuthErrors(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses) route.Produces<OAuthErrorResponse>(status);
        return route;
    }
}
