using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority.Endpoints;

/// <summary>Whether the process lives, and whether it can serve.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder root)
    {
        var health = root.MapGroup("/health").AddEndpointFilter<ProblemFilter>().WithTags("health");
        health.MapGet("/live", () => Json.Of(new HealthResponse("live"))).WithSummary("The process answers.").Produces<HealthResponse>();
        health.MapGet("/ready", Ready).WithSummary("The store answers and the keys are open.").Produces<HealthResponse>().Problems(503);
    }

    private static async Task<IResult> Ready(HttpContext http, IKeyStore store, KeyRing ring)
    {
        _ = ring.Ready;
        await store.LoadAsync(http.RequestAborted);
        return Json.Of(new HealthResponse("ready"));
    }
}
