using System.Collections.Immutable;
using Symbolon.AspNetCore;
using Symbolon.Gateway.Requests;

namespace Symbolon.Gateway.Rules;

/// <summary>All rules. Immutable: replaced whole when the file changes.</summary>
/// <remarks>
/// The longest path decides alone, whatever the order in the file. Among several rules of one path, the one that names the method decides, else the one that names none;
/// where there is neither, nobody passes: a path whose rules list methods has no others.
/// </remarks>
internal sealed class RouteRules
{
    private readonly ImmutableArray<RouteRule> byLength;

    /// <summary>Takes the rules in any order.</summary>
    public RouteRules(IEnumerable<RouteRule> rules) =>
        byLength = [.. rules.OrderByDescending(rule => rule.Path.Length).ThenBy(rule => rule.Methods.IsEmpty)];

    /// <summary>Every path needs a valid token.</summary>
    public static RouteRules None { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count => byLength.Length;

    /// <summary>The loosest demand of any path, which the gateway declares to the authority: a receipt says when even that one refuses.</summary>
    /// <param name="all">What a rule asks for that says nothing.</param>
    /// <remarks>Live paths are stricter than any, offline ones have chosen not to obey, and public ones look at no token.</remarks>
    public RouteDemand Loosest(RouteDemand all)
    {
        var loosest = all;
        foreach (var demand in Revocable(all))
        {
            loosest = loosest with
            {
                MaxStaleness = demand.MaxStaleness > loosest.MaxStaleness ? demand.MaxStaleness : loosest.MaxStaleness,
                WhenStale = demand.WhenStale > loosest.WhenStale ? demand.WhenStale : loosest.WhenStale,
            };
        }

        return loosest;
    }

    /// <summary>The shortest staleness bound of any path; one of zero, which nothing can meet, left out.</summary>
    public TimeSpan ShortestStaleness(RouteDemand all) => Revocable(all).Select(demand => demand.MaxStaleness).Append(all.MaxStaleness).Where(bound => bound > TimeSpan.Zero).DefaultIfEmpty(all.MaxStaleness).Min();

    private IEnumerable<RouteDemand> Revocable(RouteDemand all) =>
        byLength.Where(rule => !rule.IsPublic).Select(rule => rule.Over(all)).Where(demand => demand.Mode == SymbolonMode.Revocable);

    /// <summary>The rule of a request; null when its path has rules, but none for its method. Pure.</summary>
    public RouteRule? Find(OriginalRequest request)
    {
        string? decides = null;
        foreach (var rule in byLength)
        {
            if (decides is not null && rule.Path.Length < decides.Length) return null;
            if (!rule.Covers(request.Path.Decoded)) continue;
            if (rule.IsFor(request.Method)) return rule;
            decides = rule.Path;
        }

        return decides is null ? RouteRule.Default : null;
    }
}
