using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority.Endpoints;

/// <summary>Whether the process lives, and whether it can serve.</summary>
internal static class HealthEndpoints
{
    // Followed each second. Later than this every route here refuses, and so do the verifiers.
    private static readonly TimeSpan Unread = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder root)
    {
        var health = root.MapGroup("/health").AddEndpointFilter<ProblemFilter>().WithTags("health");
        health.MapGet("/live", () => Json.Of(new HealthResponse("live"))).WithSummary("The process answers.").Produces<HealthResponse>();
        health.MapGet("/ready", Ready).WithSummary("The store answers, the keys are open, and the revocation log is being read.").Produces<HealthResponse>().Problems(503);
    }

    private static async Task<IResult> Ready(HttpContext http, IKeyStore store, KeyRing ring, InProcessRevocationFeed feed)
    {
        await ring.SigningAsync(http.RequestAborted);
        await store.LoadAsync(http.RequestAborted);
        if (feed.Age > Unread) throw new StoreUnavailableException($"The revocation log was last read {feed.Age.TotalSeconds:0} seconds ago.");
        return Json.Of(new HealthResponse("ready"));
    }
}
