using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>The current session, and the list of one's devices.</summary>
internal static class SessionEndpoints
{
    private const int DefaultPage = 50, LargestPage = 200;

    public static void Map(IEndpointRouteBuilder auth)
    {
        auth.MapGet("/session", Current).WithSummary("The current session. Never moves its inactivity timeout.")
            .Produces<SessionResponse>().Problems(401, 503);
        auth.MapGet("/sessions", List).WithSummary("The account's live sessions, newest first. Page with limit and after.")
            .Produces<SessionListResponse>().Problems(400, 401, 503);
        auth.MapPatch("/sessions/{sid}", Rename).WithSummary("Names a device.")
            .Produces<SessionResponse>().Problems(400, 401, 404, 413, 415, 503);
        auth.MapDelete("/sessions/{sid}", EndOne).WithSummary("Ends one of the account's sessions. With wait (500ms, 2s): a receipt.")
            .Produces(StatusCodes.Status204NoContent).WithReceipt().Problems(400, 401, 404, 503);
        auth.MapDelete("/sessions", EndMany).WithSummary("Ends all other sessions (scope=others) or all of them (scope=all). With wait: a receipt.")
            .Produces<EndedResponse>().Produces(StatusCodes.Status204NoContent).WithReceipt(documented: false).Problems(400, 401, 503);
    }

    /// <summary>Reads <c>limit</c> and, where it is a session's id, <c>after</c>; false when one is malformed.</summary>
    public static bool TryReadPage(HttpRequest request, out int take, out SessionId? before, bool readAfter = true)
    {
        (take, before) = (DefaultPage, null);
        if (request.Query["limit"] is { Count: > 0 } limit && !(int.TryParse(limit, out take) && take is >= 1 and <= LargestPage)) return false;
        if (!readAfter || request.Query["after"] is not { Count: > 0 } after) return true;
        var read = SessionId.TryParse(after, out var id);
        before = id;
        return read;
    }

    private static IResult Current(HttpContext http) => Json.Of(SessionResponse.Of(LiveSession.Of(http).Session, current: true));

    private static async Task<IResult> List(HttpContext http, ListSessions list)
    {
        if (!TryReadPage(http.Request, out var take, out var before)) return Problems.Malformed($"limit must be 1 to {LargestPage}, and after the next of the page before.");
        var live = LiveSession.Of(http);
        return Json.Of(SessionListResponse.Of(await list.OfAccountAsync(live.Account, before, take, http.RequestAborted), live.Session.Id));
    }

    private static async Task<IResult> Rename(string sid, RequestBody<RenameRequest> body, HttpContext http, ISessionStore sessions)
    {
        var current = LiveSession.Of(http).Session;
        if (await FindOwnAsync(sid, current, sessions, http.RequestAborted) is not { Ending: null } session) return Problems.NotFound;
        return await sessions.RenameDeviceAsync(session.Id, body.Value.Name, http.RequestAborted)
            ? Json.Of(SessionResponse.Of(session with { Device = session.Device with { Name = body.Value.Name } }, session.Id == current.Id))
            : Problems.NotFound;
    }

    private static async Task<IResult> EndOne(string sid, HttpContext http, ISessionStore sessions, EndSessions end, CookieJar jar)
    {
        var current = LiveSession.Of(http).Session;
        if (await FindOwnAsync(sid, current, sessions, http.RequestAborted) is not { } session) return Problems.NotFound;
        await end.OneAsync(session.Id, current.Subject, EndReason.EndedByUser, current.Subject.Value, http.RequestAborted);
        await jar.ClearOfAsync(http, ended => ended.Id == session.Id);
        return Results.NoContent();
    }

    private static async Task<IResult> EndMany(HttpContext http, EndSessions end, CookieJar jar)
    {
        var live = LiveSession.Of(http);
        switch (http.Request.Query["scope"].ToString())
        {
            case "others":
                return Json.Of(new EndedResponse(await end.OthersAsync(live.Session, live.Now, http.RequestAborted)));
            case "all":
                await end.AllAsync(live.Session.Subject, EndReason.AllEnded, live.Session.Subject.Value, http.RequestAborted);
                await jar.ClearOfAsync(http, ended => ended.Subject == live.Session.Subject);
                return Results.NoContent();
            default:
                return Problems.Malformed("scope must be others or all.");
        }
    }

    private static async Task<Session?> FindOwnAsync(string sid, Session current, ISessionStore sessions, CancellationToken ct) =>
        SessionId.TryParse(sid, out var id) && (await sessions.FindAsync(id, ct)).Session is { } session && session.Subject == current.Subject ? session : null;
}
