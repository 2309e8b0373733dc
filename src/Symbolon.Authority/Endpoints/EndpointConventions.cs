using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Symbolon.AspNetCore;
using Symbolon.Authority.Operations;

namespace Symbolon.Authority.Endpoints;

/// <summary>What the endpoints have in common.</summary>
internal static class EndpointConventions
{
    /// <summary>What documents name beside the type a route takes; see <see cref="Accepts"/>.</summary>
    public const string AnyMediaType = "*/*";

    private const int LongestUserAgent = 256;

    /// <summary>Says which problem documents an endpoint answers.</summary>
    public static TBuilder Problems<TBuilder>(this TBuilder route, params int[] statuses) where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses) route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemResponse), [SymbolonProblem.MediaType]));
        return route;
    }

    /// <summary>Documents what a route takes.</summary>
    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder route, string mediaType) =>
        route.WithMetadata(Accepts(mediaType, typeof(TBody), isOptional: false));

    /// <summary>What a route takes. Any other type too, for routing: its own 415 has no body, so the route refuses instead.</summary>
    public static AcceptsMetadata Accepts(string mediaType, Type type, bool isOptional) => new([mediaType, AnyMediaType], type, isOptional);

    /// <summary>Requires a session behind the token: a client's own token has none, and is answered 403.</summary>
    public static TBuilder RequireSession<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization(policy => policy.RequireAssertion(context => context.Resource is HttpContext http && http.Features.Get<LiveSession>() is not null));

    /// <summary>Where a request comes from.</summary>
    public static RequestOrigin Origin(this HttpContext http)
    {
        var agent = new string([.. http.Request.Headers.UserAgent.ToString().Where(c => !char.IsControl(c)).Take(LongestUserAgent)]);
        return new RequestOrigin(http.Connection.RemoteIpAddress, agent.Length == 0 ? null : agent);
    }
}

/// <summary>JSON answers, in the authority's own form whatever the application's is.</summary>
internal static class Json
{
    public static IResult Of<T>(T value, int status = StatusCodes.Status200OK) =>
        Results.Json(value, (JsonTypeInfo<T>)AuthorityJson.Default.GetTypeInfo(typeof(T))!, statusCode: status);
}

/// <summary>Shape of a problem document, for OpenAPI.</summary>
internal sealed record ProblemResponse(string Type, string Title, int Status, string Detail, string Code, string? Reason, string TraceId);
