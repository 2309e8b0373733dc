using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Symbolon.AspNetCore;

/// <summary>
/// Sees to it, wherever a route authorizes, that the token was checked as this route says. <c>UseAuthentication()</c> before <c>UseRouting()</c> knows no route, so the scheme's own demand decides then,
/// and the framework asks only once: what the route says beyond that is checked here, and whoever does not pass is refused.
/// </summary>
internal sealed class RouteCheck : IAuthorizationHandler
{
    public async Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (context.Resource is not HttpContext http) return;
        for (var passed = http.Features.Get<SymbolonHandler>(); passed is not null; passed = passed.Before)
        {
            if (!await passed.MeetsRouteAsync()) context.Fail();
        }
    }

    /// <summary>Whether nobody is missing who has to be asked: a route of <see cref="SymbolonMode.Live"/> is for nobody whose token the scheme has not passed, whoever else has let them in.</summary>
    public static bool IsAnswered(HttpContext http, string scheme)
    {
        for (var passed = http.Features.Get<SymbolonHandler>(); passed is not null; passed = passed.Before)
        {
            if (passed.Scheme.Name == scheme) return true;
        }

        var demand = http.RequestServices.GetRequiredService<IOptionsMonitor<SymbolonOptions>>().Get(scheme).Demand;
        return RouteTerms.Of(http.GetEndpoint()?.Metadata, demand).Demand.Mode != SymbolonMode.Live;
    }
}
