using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>What administrators see and do: accounts, sessions, events. Role <c>admin</c>, checked live.</summary>
internal static class AdminEndpoints
{
    /// <summary>The role.</summary>
    public const string Role = "admin";

    private const string Paging = "limit must be 1 to 200, and after the next of the page before.";

    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/users", ListAccounts).WithSummary("Accounts by id, or the one of username. Page with limit and after.")
            .Produces<AccountListResponse>().Problems(400, 401, 403, 503);
        admin.MapPatch("/users/{sub}", ChangeAccount).WithSummary("Changes roles (access tokens are refreshed), disables (sessions end) or enables, changes the profile. With wait: a receipt.")
            .Produces<ManagedAccountResponse>().WithReceipt(documented: false).Problems(400, 401, 403, 404, 413, 415, 503);
        admin.MapPost("/users/{sub}/end-sessions", EndAccountsSessions).WithSummary("Ends all sessions of an account; soft: only has access tokens refreshed. With wait: a receipt.")
            .Produces(StatusCodes.Status204NoContent).WithReceipt().Problems(400, 401, 403, 404, 413, 415, 503);
        admin.MapGet("/sessions", ListSessions).WithSummary("Sessions, newest first; filter by sub, client_id, live=true. Page with limit and after.")
            .Produces<SessionListResponse>().Problems(400, 401, 403, 503);
        admin.MapDelete("/sessions/{sid}", EndSession).WithSummary("Ends a session. With wait: a receipt.")
            .Produces(StatusCodes.Status204NoContent).WithReceipt().Problems(400, 401, 403, 404, 503);
        admin.MapPost("/end-all", EndEveryone).WithSummary("Ends everyone's sessions, the caller's included. With wait: a receipt.")
            .Produces(StatusCodes.Status204NoContent).WithReceipt().Problems(400, 401, 403, 503);
        admin.MapGet("/events", ListEvents).WithSummary("Events, newest first; filter by sid, sub. Page with limit and after.")
            .Produces<EventListResponse>().Problems(400, 401, 403, 503);
    }

    private static async Task<IResult> ListAccounts(HttpContext http, ManageAccount manage)
    {
        if (!SessionEndpoints.TryReadPage(http.Request, out var take, out _, readAfter: false)) return Problems.Malformed(Paging);
        if (http.Request.Query["username"] is { Count: > 0 } name)
        {
            if (Members.Text("username", name.ToString(), longest: 256) is { } wrong) return Problems.Malformed(wrong);
            var one = await manage.FindByNameAsync(name.ToString(), http.RequestAborted);
            return Json.Of(new AccountListResponse(one is null ? [] : [ManagedAccountResponse.Of(one)], Next: null));
        }

        var after = http.Request.Query["after"] is { Count: > 0 } last ? new SubjectId(last.ToString()) : (SubjectId?)null;
        var page = await manage.ListAsync(after, take, http.RequestAborted);
        return Json.Of(new AccountListResponse([.. page.Items.Select(ManagedAccountResponse.Of)], page.Next?.Value));
    }

    private static async Task<IResult> ChangeAccount(string sub, RequestBody<ManageAccountRequest> body, HttpContext http, ManageAccount manage)
    {
        var (id, wish) = (new SubjectId(sub), body.Value);
        var roles = wish.Roles?.Distinct(StringComparer.Ordinal).ToList();
        var result = await manage.ChangeAsync(id, new AccountChange(roles, wish.Disabled, wish.DisplayName, wish.Email), By(http), http.RequestAborted);
        if (result is not AccountResult.Written) return Problems.Of(result);
        return await manage.FindAsync(id, http.RequestAborted) is { } account ? Json.Of(ManagedAccountResponse.Of(account)) : Problems.NotFound;
    }

    private static async Task<IResult> EndAccountsSessions(string sub, RequestBody<EndSessionsRequest> body, HttpContext http, ManageAccount manage, EndSessions end)
    {
        var id = new SubjectId(sub);
        if (await manage.FindAsync(id, http.RequestAborted) is null) return Problems.NotFound;
        if (body.Value.Soft) await manage.ClaimsChangedAsync(id, By(http), http.RequestAborted);
        else await end.AllAsync(id, EndReason.EndedByAdmin, By(http), http.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> ListSessions(HttpContext http, ListSessions list)
    {
        var query = http.Request.Query;
        if (!SessionEndpoints.TryReadPage(http.Request, out var take, out var before)) return Problems.Malformed(Paging);
        if (query["live"] is { Count: > 0 } text && text != "true" && text != "false") return Problems.Malformed("live must be true or false.");
        var page = await list.PageAsync(
            new SessionQuery(
                query["sub"] is { Count: > 0 } sub ? new SubjectId(sub.ToString()) : null,
                query["client_id"] is { Count: > 0 } client ? client.ToString() : null,
                query["live"] == "true", before, take),
            http.RequestAborted);
        return Json.Of(SessionListResponse.Of(page, current: null));
    }

    private static async Task<IResult> EndSession(string sid, HttpContext http, ISessionStore sessions, EndSessions end)
    {
        if (!SessionId.TryParse(sid, out var id) || (await sessions.FindAsync(id, http.RequestAborted)).Session is null) return Problems.NotFound;
        await end.OneAsync(id, owner: null, EndReason.EndedByAdmin, By(http), http.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> EndEveryone(HttpContext http, EndSessions end)
    {
        await end.EveryoneAsync(By(http), http.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> ListEvents(HttpContext http, IEventLog events)
    {
        var query = http.Request.Query;
        if (!SessionEndpoints.TryReadPage(http.Request, out var take, out _, readAfter: false)) return Problems.Malformed(Paging);
        long before = 0;
        SessionId session = default;
        if (query["after"] is { Count: > 0 } after && !long.TryParse(after, out before)) return Problems.Malformed(Paging);
        if (query["sid"] is { Count: > 0 } sid && !SessionId.TryParse(sid, out session)) return Problems.Malformed("sid must be a session's id.");
        var rows = await events.ListAsync(
            new EventQuery(
                query.ContainsKey("sid") ? session : null, query["sub"] is { Count: > 0 } sub ? new SubjectId(sub.ToString()) : null,
                query.ContainsKey("after") ? before : null, take + 1),
            http.RequestAborted);
        return Json.Of(new EventListResponse([.. rows.Take(take).Select(EventResponse.Of)], rows.Count > take ? rows[take - 1].Id : null));
    }

    private static string By(HttpContext http) => LiveSession.Of(http).Account.Id.Value;
}
