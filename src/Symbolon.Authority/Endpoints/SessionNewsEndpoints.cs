using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Symbolon.AspNetCore;
using Symbolon.Authority.Operations;

namespace Symbolon.Authority.Endpoints;

/// <summary>What happens to the current session, as it happens.</summary>
internal static class SessionNewsEndpoints
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder auth) =>
        auth.MapGet("/events", Events).WithSummary("Server-sent events of the current session: ended, claims_changed. Closes when the session has ended.")
            .Produces(StatusCodes.Status200OK, contentType: ServerSentEvents.MediaType).Problems(401, 503);

    private static async Task<IResult> Events(HttpContext http, SessionNewsPlaces places, SessionNewsStream stream, IHostApplicationLifetime lifetime)
    {
        var session = LiveSession.Of(http).Session.Id;
        var connection = http.Features.Get<SymbolonConnection>() ?? throw new InvalidOperationException("The route is not watched.");
        using var place = places.TryTake(session);
        if (place is null) return Problems.Unavailable with { RetryAfter = TryAgainAfter };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        http.Response.BeginEvents();
        await stream.RunAsync(http, connection, session, ending.Token);
        return Results.Empty;
    }
}
