using Microsoft.AspNetCore.Http;
using Symbolon.Access;

namespace Symbolon.AspNetCore;

/// <summary>Asks the authority whether a token's session is alive now. Serves the routes of <see cref="SymbolonMode.Live"/>, and others while their view is too old.</summary>
internal abstract class LiveCheck
{
    /// <summary>Asks, after the token itself has passed. The answer is never older than the question.</summary>
    public abstract ValueTask<LiveAnswer> AskAsync(LiveQuestion question, CancellationToken ct);
}

/// <summary>What is asked.</summary>
/// <param name="Token">The token as it came.</param>
/// <param name="Authentic">What it says.</param>
/// <param name="Http">The request, where there is one.</param>
internal readonly record struct LiveQuestion(string Token, AuthenticToken Authentic, HttpContext? Http)
{
    /// <inheritdoc/>
    public override string ToString() => "A live question"; // never the token
}

/// <summary>What the authority says.</summary>
/// <param name="Failure">Null when the session is alive and its claims are current.</param>
/// <param name="Reason">Why the session ended, where it did: an end reason's code.</param>
/// <param name="IsUnavailable">The authority cannot say now: nothing is known, and the request is refused with 503.</param>
internal readonly record struct LiveAnswer(AccessTokenFailure? Failure, string? Reason = null, bool IsUnavailable = false)
{
    /// <summary>The authority cannot say now.</summary>
    public static LiveAnswer Unavailable { get; } = new(null, IsUnavailable: true);
}
