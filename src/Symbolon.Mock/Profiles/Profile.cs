using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.AspNetCore;
using Symbolon.Authority;
using Symbolon.Mock.Control;

namespace Symbolon.Mock.Profiles;

/// <summary>A well-known mock on the real engine: one endpoint that takes every path, and the original's routes behind it, matched as the original's framework does.</summary>
internal sealed class Profile : MockProfile
{
    // Behind health and control calls, so that each profile has them.
    private const int Last = 2000;

    private readonly IReadOnlyList<ProfileRoute> routes;

    /// <summary>Makes it.</summary>
    /// <param name="definition">What makes it differ.</param>
    /// <param name="settings">How it is wished for.</param>
    /// <param name="accounts">Other accounts than the original's, or null.</param>
    /// <param name="data">Other data, or null.</param>
    public Profile(ProfileDefinition definition, ProfileSettings settings, IReadOnlyList<MockAccount>? accounts = null, JsonObject? data = null)
    {
        (Definition, Settings, Accounts, routes) = (definition, settings, accounts ?? definition.Accounts, definition.Routes(settings));
        Data = data ?? definition.Data?.Invoke(Accounts);
    }

    public ProfileDefinition Definition { get; }

    public ProfileSettings Settings { get; }

    /// <summary>The accounts that it starts with.</summary>
    public override IReadOnlyList<MockAccount> Accounts { get; }

    /// <summary>The data that it starts with; null where it serves none.</summary>
    public JsonObject? Data { get; }

    public override string Name => Definition.Name;

    public override string Url => Definition.Url;

    public override TimeSpan Latency => Definition.Latency;

    /// <summary>Its routes; not the one that says that there is no other.</summary>
    public override IReadOnlyList<MockRoute> Routes => [.. routes.Where(route => !route.IsRest || !route.IsAnonymous).Select(route => route.Listed)];

    public override void Configure(AuthorityOptions authority) => Definition.Configure(authority);

    public override void Map(IEndpointRouteBuilder app)
    {
        var world = new ProfileWorld(this, app.ServiceProvider);
        // Requests that end sessions, perhaps their own, are to be answered.
        app.Map("/{**path}", http => AnswerAsync(http, world)).WithOrder(Last).WithMetadata(new SymbolonModeAttribute(SymbolonMode.Live) { CloseWhenRevoked = false });
    }

    private async Task AnswerAsync(HttpContext http, ProfileWorld world)
    {
        var path = (http.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (route, id) = Find(http.Request.Method, path);
        var body = await ObjectBody.ReadAsync(http.Request);
        var answer = body.Problem is { } problem ? ProfileAnswer.Of(problem)
            : route is null || ControlGuard.IsControl(http.Request.Path) ? ProfileAnswer.NotFound // a control call that there is not is no call to the original
            : await route.Answer(new ProfileCall(http, world, body) { Id = id });
        await answer.ExecuteAsync(http);
    }

    private (ProfileRoute? Route, string Id) Find(string method, string[] path)
    {
        var wanted = HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        foreach (var route in routes)
        {
            if ((route.Method.Length == 0 || route.Method == wanted) && Match(route.Path, path) is { } id) return (route, id);
        }

        return (null, "");
    }

    // Case makes no difference, nor does a slash at the end. The segment that stood for :id, or nothing; null when it does not match.
    private static string? Match(string pattern, string[] path)
    {
        if (pattern.Length == 0) return "";
        var wanted = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length > 0 && wanted[0] == "*")
        {
            wanted = wanted[1..];
            path = path[Math.Max(0, path.Length - wanted.Length)..];
        }

        if (wanted.Length != path.Length) return null;
        var id = "";
        for (var i = 0; i < path.Length; i++)
        {
            if (wanted[i] == ":id") id = path[i];
            else if (!wanted[i].Equals(path[i], StringComparison.OrdinalIgnoreCase)) return null;
        }

        return id;
    }
}
