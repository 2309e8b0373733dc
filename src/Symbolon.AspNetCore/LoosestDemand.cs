using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Symbolon.AspNetCore;

/// <summary>The loosest demand of an application's routes, which it declares to the authority: a receipt says when even the loosest refuses. And the shortest staleness bound, which says how often it must be told.</summary>
internal sealed class LoosestDemand(EndpointDataSource? endpoints = null)
{
    private volatile Known? known;

    /// <summary>The loosest of a scheme's own demand and those of all routes, whichever scheme they are for.</summary>
    public RouteDemand Of(RouteDemand scheme) => endpoints is null ? scheme : Know(scheme).Loosest;

    /// <summary>The shortest staleness bound of the scheme and all routes.</summary>
    public TimeSpan ShortestOf(RouteDemand scheme) => endpoints is null ? scheme.MaxStaleness : Know(scheme).Shortest;

    private Known Know(RouteDemand scheme)
    {
        if (known is not { } current || current.Changes.HasChanged || current.Scheme != scheme) known = current = Look(scheme);
        return current;
    }

    private Known Look(RouteDemand scheme)
    {
        var changes = endpoints!.GetChangeToken(); // before the routes are read
        var demands = endpoints.Endpoints.Select(endpoint => RouteTerms.Of(endpoint.Metadata, scheme).Demand).ToList();
        return new Known(changes, scheme, scheme.LoosestWith(demands), scheme.ShortestWith(demands));
    }

    private sealed record Known(IChangeToken Changes, RouteDemand Scheme, RouteDemand Loosest, TimeSpan Shortest);
}
