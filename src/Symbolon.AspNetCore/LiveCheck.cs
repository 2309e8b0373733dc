using Microsoft.AspNetCore.Http;
using Symbolon.Access;

namespace Symbolon.AspNetCore;

/// <summary>Asks the authority whether a token's session is alive now. Serves the routes of <see cref="SymbolonMode.Live"/>.</summary>
public abstract class LiveCheck
{
    /// <summary>Asks. Called after the token itself has passed.</summary>
    public abstract ValueTask<LiveAnswer> CheckAsync(AccessTokenClaims claims, HttpContext context);
}

/// <summary>What the authority says.</summary>
/// <param name="Failure">Null when the session is alive and its claims are current.</param>
/// <param name="Reason">Why the session ended, where it did.</param>
/// <param name="IsUnavailable">The authority cannot say now: the request is refused with 503, for nothing is known.</param>
public readonly record struct LiveAnswer(AccessTokenFailure? Failure, string? Reason = null, bool IsUnavailable = false);

/// <summary>Marks a request whose live check ran and passed.</summary>
internal sealed class LiveAnswered
{
    public static LiveAnswered Instance { get; } = new();
}
