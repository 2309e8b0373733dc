using System.Collections.Immutable;
using Symbolon.AspNetCore;
using Symbolon.Gateway.Requests;

namespace Symbolon.Gateway.Rules;

/// <summary>All rules. Immutable: replaced whole when the file changes.</summary>
/// <remarks>
/// The longest path decides alone, whatever the order in the file. Among several rules of one path, the one that names the method decides, else for HEAD the one that names GET, else the one that names no method;
/// where there is none of them, nobody passes: a path whose rules list methods has no others.
/// </remarks>
internal sealed class RouteRules
{
    private readonly ImmutableArray<RouteRule> byLength;

    /// <summary>Takes the rules in any order.</summary>
    public RouteRules(IEnumerable<RouteRule> rules) =>
        byLength = [.. rules.OrderByDescending(rule => rule.Path.Length)];

    /// <summary>Every path needs a valid token.</summary>
    public static RouteRules None { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count => byLength.Length;

    /// <summary>The loosest demand of any path, which the gateway declares to the authority. Public paths look at no token.</summary>
    /// <param name="all">What a rule asks for that says nothing.</param>
    public RouteDemand Loosest(RouteDemand all) => all.LoosestWith(Demands(all));

    /// <summary>The shortest staleness bound of any path.</summary>
    public TimeSpan ShortestStaleness(RouteDemand all) => all.ShortestWith(Demands(all));

    private IEnumerable<RouteDemand> Demands(RouteDemand all) => byLength.Where(rule => !rule.IsPublic).Select(rule => rule.Over(all));

    /// <summary>The rule of a request; null when its path has rules, but none for its method. Pure.</summary>
    public RouteRule? Find(OriginalRequest request)
    {
        int? decides = null;
        RouteRule? closest = null;
        var fit = MethodFit.None;
        foreach (var rule in byLength)
        {
            if (rule.Path.Length < decides) break;
            if (!rule.Covers(request.Path)) continue;
            decides = rule.Path.Length;
            if (rule.For(request.Method) is var itsFit && itsFit > fit) (closest, fit) = (rule, itsFit);
        }

        return decides is null ? RouteRule.Default : closest;
    }
}
