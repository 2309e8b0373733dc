using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Sessions;

namespace Symbolon.Mock.Routes;

/// <summary>The routes as endpoints behind the real authentication scheme. Their order is the order of the list.</summary>
internal sealed class RoutesPart(IReadOnlyList<MockRoute> routes) : MockPart
{
    // Behind every endpoint of the engine and of the data.
    private const int First = 1000;

    public override void Map(IEndpointRouteBuilder app)
    {
        for (var i = 0; i < routes.Count; i++) Map(app, routes[i], First + i);
    }

    private static void Map(IEndpointRouteBuilder app, MockRoute route, int order)
    {
        var endpoint = route.Methods.Count > 0
            ? app.MapMethods(Pattern(route.Path), route.Methods, http => AnswerAsync(http, route))
            : app.Map(Pattern(route.Path), http => AnswerAsync(http, route));
        endpoint.WithOrder(order);
        if (route.IsAnonymous) return;
        endpoint.RequireSymbolon(new SymbolonModeAttribute(route.Mode));
        if (route.Roles.Count > 0) endpoint.RequireAuthorization(policy => policy.RequireRole(route.Roles));
        if (route.Scope is { } scope) endpoint.RequireScope(scope);
    }

    private static string Pattern(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return "/" + string.Join('/', segments.Select((segment, i) => segment != "*" ? segment : i == segments.Length - 1 ? "{**rest}" : $"{{any{i}}}"));
    }

    private static async Task AnswerAsync(HttpContext http, MockRoute route)
    {
        http.Response.StatusCode = route.Status;
        if (route.Body is { } body) await http.Response.WriteAsJsonAsync(body, http.RequestAborted);
        else await http.Response.WriteAsJsonAsync(await CallerAsync(http), http.RequestAborted);
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
