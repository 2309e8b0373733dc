using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Symbolon.AspNetCore;

/// <summary>How sure a route wants to be that a token still counts.</summary>
public enum SymbolonMode
{
    /// <summary>The token alone: signature, issuer, audience, time.</summary>
    Offline,

    /// <summary>The authority is asked on each request.</summary>
    Live,
}

/// <summary>Sets the mode of a controller, an action, a hub or a route.</summary>
/// <param name="mode">The mode.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SymbolonModeAttribute(SymbolonMode mode) : Attribute
{
    /// <summary>The mode.</summary>
    public SymbolonMode Mode { get; } = mode;
}

/// <summary>What a route asks of its callers.</summary>
public static class SymbolonRouteExtensions
{
    /// <summary>Requires a valid access token, checked in this mode.</summary>
    public static TBuilder RequireSymbolon<TBuilder>(this TBuilder route, SymbolonMode mode = SymbolonMode.Offline) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new SymbolonModeAttribute(mode)).RequireAuthorization(policy =>
        {
            Authenticated(policy);
            // Authentication that ran before routing knew no mode: then nobody was asked, and nobody passes.
            if (mode == SymbolonMode.Live) policy.RequireAssertion(context => context.Resource is HttpContext http && http.Features.Get<LiveAnswered>() is not null);
        });

    /// <summary>Requires a scope in the access token; without it, 403 <c>scope_missing</c>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder route, string scope) where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization(policy => policy.RequireScope(scope));

    /// <summary>Requires a scope in the access token.</summary>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder policy, string scope) =>
        policy.RequireClaim(SymbolonDefaults.ScopeClaim, scope);

    private static void Authenticated(AuthorizationPolicyBuilder policy) =>
        policy.AddAuthenticationSchemes(SymbolonDefaults.AuthenticationScheme).RequireAuthenticatedUser();
}
