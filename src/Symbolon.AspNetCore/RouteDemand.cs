using Microsoft.AspNetCore.Http;

namespace Symbolon.AspNetCore;

/// <summary>How sure a route wants to be that a token still counts.</summary>
/// <param name="Mode">Who is asked.</param>
/// <param name="MaxStaleness">How old the view may be.</param>
/// <param name="WhenStale">What happens beyond that.</param>
internal readonly record struct RouteDemand(SymbolonMode Mode, TimeSpan MaxStaleness, WhenStale WhenStale)
{
    /// <summary>The loosest of this and others, which a verifier declares to the authority: a receipt says when even the loosest refuses.</summary>
    /// <remarks>Routes of <see cref="SymbolonMode.Live"/> are stricter than any, and those of <see cref="SymbolonMode.Offline"/> have chosen not to obey.</remarks>
    public RouteDemand LoosestWith(IEnumerable<RouteDemand> others)
    {
        var (staleness, whenStale) = (MaxStaleness, WhenStale);
        foreach (var other in others)
        {
            if (other.Mode != SymbolonMode.Revocable) continue;
            if (other.MaxStaleness > staleness) staleness = other.MaxStaleness;
            if (other.WhenStale > whenStale) whenStale = other.WhenStale;
        }

        return this with { MaxStaleness = staleness, WhenStale = whenStale };
    }

    /// <summary>The shortest staleness bound of this and others, which says how often a verifier has to know that its view is current. One of zero, which nothing can meet, is left out.</summary>
    public TimeSpan ShortestWith(IEnumerable<RouteDemand> others) => others.Where(other => other.Mode == SymbolonMode.Revocable).Select(other => other.MaxStaleness)
        .Append(MaxStaleness).Where(bound => bound > TimeSpan.Zero).DefaultIfEmpty(MaxStaleness).Min();
}

/// <summary>What a route says about tokens and about its open connections, whole.</summary>
/// <param name="Demand">How sure it wants to be.</param>
/// <param name="ClosesWhenRevoked">Whether its open connections are closed when their session ends.</param>
/// <param name="ClosesWhenClaimsStale">Whether they are closed, too, when the account's claims change.</param>
internal readonly record struct RouteTerms(RouteDemand Demand, bool ClosesWhenRevoked, bool ClosesWhenClaimsStale)
{
    /// <summary>Whether its connections are watched.</summary>
    public bool IsWatched => ClosesWhenRevoked && Demand.Mode != SymbolonMode.Offline;

    /// <summary>What the attributes of a route say, from the outermost to its own, over what its scheme says.</summary>
    public static RouteTerms Of(EndpointMetadataCollection? route, RouteDemand scheme)
    {
        var terms = new RouteTerms(scheme, ClosesWhenRevoked: true, ClosesWhenClaimsStale: false);
        if (route is null) return terms;
        var attributes = route.GetOrderedMetadata<SymbolonModeAttribute>();
        for (var i = 0; i < attributes.Count; i++) terms = attributes[i].Over(terms);
        return terms;
    }
}

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
