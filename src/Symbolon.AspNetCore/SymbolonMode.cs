using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Symbolon.AspNetCore;

/// <summary>Sets the mode of a controller, an action, a hub or a route, and what it does when the view is stale; what it leaves out is the scheme's.</summary>
/// <param name="mode">The mode.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SymbolonModeAttribute(SymbolonMode mode) : Attribute
{
    private WhenStale? whenStale;
    private double? maxStaleness;

    /// <summary>The mode.</summary>
    public SymbolonMode Mode { get; } = mode;

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
    public bool CloseWhenRevoked { get; init; } = true;

    /// <summary>Whether open connections of the route are closed, too, when the account's claims change, so that the client comes back with a refreshed token. Default: false.</summary>
    public bool CloseWhenClaimsStale { get; init; }

    internal RouteDemand Over(RouteDemand scheme) => new(
        Mode, maxStaleness is { } seconds ? TimeSpan.FromSeconds(seconds) : scheme.MaxStaleness, whenStale ?? scheme.WhenStale);
}

/// <summary>What a route asks of its callers.</summary>
public static class SymbolonRouteExtensions
{
    /// <summary>Requires a valid access token, checked in this mode.</summary>
    public static TBuilder RequireSymbolon<TBuilder>(this TBuilder route, SymbolonMode mode = SymbolonMode.Revocable) where TBuilder : IEndpointConventionBuilder =>
        route.RequireSymbolon(new SymbolonModeAttribute(mode));

    /// <summary>Requires a valid access token, checked as the attribute says.</summary>
    public static TBuilder RequireSymbolon<TBuilder>(this TBuilder route, SymbolonModeAttribute mode) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(mode).RequireAuthorization(policy =>
        {
            policy.AddAuthenticationSchemes(mode.Scheme ?? SymbolonDefaults.AuthenticationScheme).RequireAuthenticatedUser();
            // Authentication that ran before routing knew no mode: then nobody was asked, and nobody passes.
            if (mode.Mode == SymbolonMode.Live) policy.RequireAssertion(context => context.Resource is HttpContext http && http.Features.Get<LiveAnswered>() is not null);
        });

    /// <summary>Requires a scope in the access token; without it, 403 <c>scope_missing</c>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder route, string scope) where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization(policy => policy.RequireScope(scope));

    /// <summary>Requires a scope in the access token.</summary>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder policy, string scope) =>
        policy.RequireClaim(SymbolonDefaults.ScopeClaim, scope);
}
