namespace Symbolon.AspNetCore;

/// <summary>How sure a route wants to be that a token still counts.</summary>
/// <param name="Mode">Who is asked.</param>
/// <param name="MaxStaleness">How old the view may be.</param>
/// <param name="WhenStale">What happens beyond that.</param>
public readonly record struct RouteDemand(SymbolonMode Mode, TimeSpan MaxStaleness, WhenStale WhenStale);

/// <summary>How sure a route wants to be that a token still counts.</summary>
public enum SymbolonMode
{
    /// <summary>The token and the view of what is revoked. A log-out counts within milliseconds, at the latest after the staleness bound.</summary>
    Revocable,

    /// <summary>The authority is asked on each request.</summary>
    Live,

    /// <summary>The token alone: signature, issuer, audience, time. A log-out counts when the token has expired.</summary>
    Offline,
}

/// <summary>What a route does when the view of what is revoked is older than it allows. Strictest first.</summary>
public enum WhenStale
{
    /// <summary>Refuses with 503 <c>view_stale</c>.</summary>
    Deny,

    /// <summary>Asks the authority; refuses with 503 when it does not answer.</summary>
    Ask,

    /// <summary>Goes on by the view it has: for as long as the feed is cut, revoked tokens may pass until they expire.</summary>
    Allow,
}
