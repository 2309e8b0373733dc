using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Mock.Data;
using Symbolon.Mock.Files;
using Symbolon.Sessions;

namespace Symbolon.Mock.Routes;

/// <summary>The routes as endpoints behind the real authentication scheme. Their order is the order of the list.</summary>
/// <param name="routes">The routes.</param>
/// <param name="data">Data to serve under <see cref="DataPrefix"/>, where a route has no body of its own; null for none.</param>
internal sealed class RoutesPart(IReadOnlyList<MockRoute> routes, JsonObject? data = null) : MockPart
{
    /// <summary>Where the data stand.</summary>
    public const string DataPrefix = "/api";

    // Behind every endpoint of the engine.
    private const int First = 1000;

    private static readonly MockRoute OfData = new($"{DataPrefix}/*");

    /// <summary>The routes, and where they leave data without one, a last route that needs a token: nothing is open that nobody has opened.</summary>
    public static IReadOnlyList<MockRoute> WithData(IReadOnlyList<MockRoute> routes, JsonObject? data) =>
        data is null || routes.Any(route => Globs.Covers(route, OfData)) ? routes : [.. routes, OfData];

    public override void Map(IEndpointRouteBuilder app)
    {
        var store = data is null ? null : new DataStore(data);
        for (var i = 0; i < routes.Count; i++) Map(app, routes[i], store, First + i);
    }

    private static void Map(IEndpointRouteBuilder app, MockRoute route, DataStore? store, int order)
    {
        var pattern = Globs.Pattern(route.Path);
        var endpoint = route.Methods.Count > 0 ? app.MapMethods(pattern, route.Methods, http => AnswerAsync(http, route, store)) : app.Map(pattern, http => AnswerAsync(http, route, store));
        endpoint.WithOrder(order);
        if (route.IsAnonymous) return;
        endpoint.RequireSymbolon(new SymbolonModeAttribute(route.Mode));
        if (route.Roles.Count > 0) endpoint.RequireAuthorization(policy => policy.RequireRole(route.Roles.Select(SymbolonUser.RoleOf)));
        if (route.Scope is { } scope) endpoint.RequireScope(scope);
    }

    private static async Task AnswerAsync(HttpContext http, MockRoute route, DataStore? store)
    {
        if (route is { Body: null, Status: StatusCodes.Status200OK } && store is not null && DataEndpoint.Segments(http.Request.Path, DataPrefix) is [var resource, ..] segments
            && (store.Has(resource) || resource == DbFile.Whole))
        {
            await DataEndpoint.AnswerAsync(http, store, segments);
            return;
        }

        http.Response.StatusCode = route.Status;
        if (route.Body is { } body) await http.Response.WriteAsJsonAsync(body, http.RequestAborted);
        else if (route.Status is not (204 or 205 or 304)) await http.Response.WriteAsJsonAsync(await CallerAsync(http), http.RequestAborted);
    }

    private static async Task<Dictionary<string, object?>> CallerAsync(HttpContext http)
    {
        var answer = new Dictionary<string, object?> { ["method"] = http.Request.Method, ["path"] = http.Request.Path.Value };
        if (http.User.Subject() is not { } subject) return answer;
        var account = await http.RequestServices.GetRequiredService<AccountDirectory>().FindAsync(new SubjectId(subject), http.RequestAborted);
        answer["sub"] = subject;
        answer["username"] = account?.UserName;
        answer["roles"] = http.User.FindAll(SymbolonDefaults.RoleClaim).Select(claim => claim.Value).ToArray();
        return answer;
    }
}
