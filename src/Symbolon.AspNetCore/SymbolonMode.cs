using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Symbolon.AspNetCore;

/// <summary>Sets the mode of a controller, an action, a hub or a route, and what it does when the view is stale; what it leaves out is what stands around it: the controller's or the group's, at last the scheme's.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SymbolonModeAttribute : Attribute
{
    private WhenStale? whenStale;
    private double? maxStaleness;
    private bool? closesWhenRevoked, closesWhenClaimsStale;

    /// <summary>Leaves the mode as it is.</summary>
    public SymbolonModeAttribute()
    {
    }

    /// <summary>Sets the mode.</summary>
    /// <param name="mode">The mode.</param>
    public SymbolonModeAttribute(SymbolonMode mode) => Mode = mode;

    /// <summary>The mode; null where it is left as it is.</summary>
    public SymbolonMode? Mode { get; }

    /// <summary>How old the view may be, in seconds (an attribute takes no time span).</summary>
    public double MaxStalenessSeconds
    {
        get => maxStaleness ?? 0;
        set => maxStaleness = value is >= 0 and <= 86_400 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "0 to 86400 seconds.");
    }

    /// <summary>The authentication scheme, where it is not <see cref="SymbolonDefaults.AuthenticationScheme"/>.</summary>
    public string? Scheme { get; set; }

    /// <summary>What happens beyond that.</summary>
    public WhenStale WhenStale
    {
        get => whenStale ?? default;
        set => whenStale = value;
    }

    /// <summary>Whether open connections of the route are closed when their session ends. Default: true. False for short requests that end sessions themselves, or that must finish.</summary>
    public bool CloseWhenRevoked
    {
        get => closesWhenRevoked ?? true;
        init => closesWhenRevoked = value;
    }

    /// <summary>Whether open connections of the route are closed, too, when the account's claims change, so that the client comes back with a refreshed token. Default: false.</summary>
    public bool CloseWhenClaimsStale
    {
        get => closesWhenClaimsStale ?? false;
        init => closesWhenClaimsStale = value;
    }

    internal RouteTerms Over(in RouteTerms around) => new(
        new RouteDemand(
            Mode ?? around.Demand.Mode, maxStaleness is { } seconds ? TimeSpan.FromSeconds(seconds) : around.Demand.MaxStaleness, whenStale ?? around.Demand.WhenStale),
        closesWhenRevoked ?? around.ClosesWhenRevoked, closesWhenClaimsStale ?? around.ClosesWhenClaimsStale);
}

/// <summary>What a route asks of its callers.</summary>
public static class SymbolonRouteExtensions
{
    /// <summary>Requires a valid access token, checked in this mode; without one, in that of the group or the controller, at last in the scheme's.</summary>
    public static TBuilder RequireSymbolon<TBuilder>(this TBuilder route, SymbolonMode? mode = null) where TBuilder : IEndpointConventionBuilder =>
        route.RequireSymbolon(mode is { } named ? new SymbolonModeAttribute(named) : new SymbolonModeAttribute());

    /// <summary>Requires a valid access token, checked as the attribute says.</summary>
    public static TBuilder RequireSymbolon<TBuilder>(this TBuilder route, SymbolonModeAttribute mode) where TBuilder : IEndpointConventionBuilder
    {
        var scheme = mode.Scheme ?? SymbolonDefaults.AuthenticationScheme;
        return route.WithMetadata(mode).RequireAuthorization(policy => policy.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser()
            .RequireAssertion(context => context.Resource is HttpContext http && RouteCheck.IsAnswered(http, scheme)));
    }

    /// <summary>Requires a scope in the access token; without it, 403 <c>scope_missing</c>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder route, string scope) where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization(policy => policy.RequireScope(scope));

    /// <summary>Requires a scope in the access token.</summary>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder policy, string scope) =>
        policy.RequireClaim(SymbolonDefaults.ScopeClaim, scope);
}
