using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;
using Symbolon.Authority;
using Symbolon.Authority.Endpoints;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the authority's endpoints.</summary>
public static class SymbolonEndpointRouteBuilderExtensions
{
    /// <summary>Maps log-in, refresh, log-out, devices and account under <paramref name="prefix"/>; <c>/oauth</c>, <c>/admin</c> and <c>/.well-known</c> at their fixed places. Neither <c>/</c> nor health.</summary>
    /// <remarks>With <c>Symbolon:Cors:Origins</c> set, the application calls <c>UseCors()</c>.</remarks>
    public static IEndpointConventionBuilder MapSymbolon(this IEndpointRouteBuilder app, string prefix = "/auth")
    {
        var all = app.MapGroup("");
        if (app.ServiceProvider.GetRequiredService<IOptions<AuthorityOptions>>().Value.Cors.Origins.Count > 0) all.RequireCors(CorsPolicy.Name);

        var auth = all.MapGroup(prefix).WithTags("auth").AddEndpointFilter<ProblemFilter>();
        SignInEndpoints.Map(auth.MapGroup("").AllowAnonymous());
        // Requests that end sessions, perhaps their own, are to be answered.
        var live = new SymbolonModeAttribute(SymbolonMode.Live) { CloseWhenRevoked = false };
        var own = auth.MapGroup("").RequireSymbolon(live).RequireSession();
        SessionEndpoints.Map(own);
        AccountEndpoints.Map(own);
        SessionNewsEndpoints.Map(auth.MapGroup("").RequireSymbolon(new SymbolonModeAttribute(SymbolonMode.Live) { CloseWhenRevoked = true }).RequireSession());

        OAuthEndpoints.Map(all.MapGroup("/oauth").WithTags("oauth").AddEndpointFilter<OAuthFilter>().AllowAnonymous());
        WellKnownEndpoints.Map(all.MapGroup("").WithTags("well-known").AddEndpointFilter<ProblemFilter>().AllowAnonymous());
        RevocationEndpoints.Map(all.MapGroup("/revocations").WithTags("revocations").AddEndpointFilter<ProblemFilter>().RequireVerifier());
        var admin = all.MapGroup("/admin").WithTags("admin").AddEndpointFilter<ProblemFilter>()
            .RequireSymbolon(live).RequireAuthorization(policy => policy.RequireRole(AdminEndpoints.Role));
        AdminEndpoints.Map(admin);
        AdminKeyEndpoints.Map(admin);
        return all;
    }

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static IEndpointConventionBuilder MapSymbolonHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("");
        HealthEndpoints.Map(health);
        return health.AllowAnonymous();
    }
}
