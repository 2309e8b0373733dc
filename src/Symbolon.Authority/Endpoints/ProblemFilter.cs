using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.AspNetCore;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority.Endpoints;

/// <summary>Turns malformed bodies and outages into problem documents, for every endpoint of the authority. Nothing it answers may be cached.</summary>
internal sealed class ProblemFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        foreach (var argument in context.Arguments)
            if (argument is RequestBody { Problem: { } problem }) return problem;
        try
        {
            return await next(context);
        }
        catch (StoreUnavailableException e)
        {
            context.HttpContext.RequestServices.GetRequiredService<AuthorityTelemetry>().Unavailable(e);
            return Problems.Unavailable;
        }
    }
}
