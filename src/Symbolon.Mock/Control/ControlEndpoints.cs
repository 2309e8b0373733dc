using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Endpoints;
using Symbolon.Mock.Faults;
using Symbolon.Mock.Hosting;
using Symbolon.Sessions;

namespace Symbolon.Mock.Control;

/// <summary>The control calls. <see cref="ControlGuard"/> stands in front of them.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder control)
    {
        control.MapGet("/clock", (MockClock clock) => ControlBody.Of(ClockResponse.Of(clock)));
        control.MapPost("/clock", (HttpContext http, MockClock clock) => ControlBody.WithAsync<ClockRequest>(http, body => Task.FromResult(Turn(clock, body))));
        control.MapPost("/expire", (HttpContext http, ControlOperations operations) => ControlBody.WithAsync<ExpireRequest>(http, body => ExpireAsync(operations, body)));
        control.MapPost("/revoke", (HttpContext http, ControlOperations operations) => ControlBody.WithAsync<RevokeRequest>(http, body => RevokeAsync(operations, body)));
        control.MapPost("/roles", (HttpContext http, ControlOperations operations) => ControlBody.WithAsync<RolesRequest>(http, body => RolesAsync(operations, body)));
        control.MapPost("/reset", (HttpContext http, WorldPlan plan) => ControlBody.WithAsync<EmptyRequest>(http, async _ =>
        {
            await plan.ResetAsync(CancellationToken.None); // half a reset would be none
            return Results.NoContent();
        }));
        FaultCalls(control);
        control.MapGet("/log", (HttpContext http, MockLog log) => Read(http, log));
        control.MapDelete("/log", (MockLog log) =>
        {
            log.Clear();
            return Results.NoContent();
        });
        control.MapGet("/state", StateAsync);
        PanelPage.Map(control);
    }

    private static void FaultCalls(IEndpointRouteBuilder control)
    {
        control.MapGet("/faults", (MockFaults faults) => ControlBody.Of(FaultListResponse.Of(faults)));
        control.MapPost("/faults", (HttpContext http, MockFaults faults) => ControlBody.WithAsync<FaultRequest>(http, body => AddAsync(faults, body, http.RequestAborted)));
        control.MapDelete("/faults", (MockFaults faults) =>
        {
            faults.Clear();
            return Results.NoContent();
        });
        control.MapDelete("/faults/{id}", (string id, MockFaults faults) => faults.Remove(id) ? Results.NoContent() : Problems.NotFound);
    }

    private static IResult Turn(MockClock clock, ClockRequest body)
    {
        if (body.Advance is null == body.Set is null) return Problems.Malformed("""Say either "advance" with a length such as 11m, or "set" with an instant such as 2030-01-01T00:00:00Z.""");
        try
        {
            if (body.Advance is { } by) clock.Advance(by);
            else clock.Set(body.Set!.Value);
            return ControlBody.Of(ClockResponse.Of(clock));
        }
        catch (ArgumentOutOfRangeException)
        {
            return Problems.Malformed(MockClock.Bounds);
        }
    }

    private static async Task<IResult> ExpireAsync(ControlOperations operations, ExpireRequest body)
    {
        if ((body.What switch { "access" => MockExpiry.Access, "session" => MockExpiry.Session, _ => (MockExpiry?)null }) is not { } what)
            return Problems.Malformed("""Say "what": access or session.""");
        if (body is { SessionId: not null, Username: not null }) return OneTarget;
        var target = new SessionTarget(body.SessionId, body.Username);
        return await operations.ExpireAsync(what, target, CancellationToken.None) is { } n ? ControlBody.Of(new ExpiredResponse(n)) : Unknown(target);
    }

    private static async Task<IResult> RevokeAsync(ControlOperations operations, RevokeRequest body)
    {
        if ((body.SessionId is null ? 0 : 1) + (body.Username is null ? 0 : 1) + (body.All ? 1 : 0) != 1) return OneTarget;
        if (!EndReasons.TryParse(body.Reason ?? EndReason.EndedByAdmin.Code(), out var reason))
            return Problems.Malformed($"reason must be one of {string.Join(", ", Enum.GetValues<EndReason>().Select(known => known.Code()))}.");
        var target = new SessionTarget(body.SessionId, body.Username);
        return await operations.RevokeAsync(target, reason, CancellationToken.None) is { } n ? ControlBody.Of(new EndedResponse(n)) : Unknown(target);
    }

    private static async Task<IResult> RolesAsync(ControlOperations operations, RolesRequest body) =>
        body is not { Username: { } name, Roles: { } roles } || !RoleRules.Fit(roles)
            ? Problems.Malformed($"""Say "username" and "roles", {RoleRules.Form}.""")
            : await operations.SetRolesAsync(name, roles, CancellationToken.None) is { } now ? ControlBody.Of(now) : Unknown(new SessionTarget(SessionId: null, name));

    private static async Task<IResult> AddAsync(MockFaults faults, FaultRequest body, CancellationToken ct)
    {
        if (body.Kind is null || FaultNames.Parse(body.Kind) is not { } kind) return Problems.Malformed($"kind must be one of {string.Join(", ", FaultNames.All)}.");
        var fault = new MockFault
        {
            Kind = kind,
            Method = body.Method,
            Path = body.Path,
            Status = body.Status ?? 503,
            RetryAfter = body.RetryAfter,
            Code = body.Code,
            Delay = body.Delay ?? default,
            Times = body.Times,
            Skip = body.Skip ?? 0,
            Probability = body.Probability ?? 1,
        };
        try
        {
            return ControlBody.Of(FaultResponse.Of(await faults.AddAsync(fault, ct), fault), StatusCodes.Status201Created);
        }
        catch (ArgumentException e)
        {
            return Problems.Malformed(FaultRules.Complaint(fault) ?? e.Message);
        }
    }

    private static IResult Read(HttpContext http, MockLog log)
    {
        var asked = http.Request.Query["since"].ToString();
        if (!long.TryParse(asked.Length == 0 ? "0" : asked, out var since) || since < 0) return Problems.Malformed("since must be a number: the next of an earlier answer.");
        var (items, next) = log.Since(since);
        return ControlBody.Of(new LogResponse([.. items.Select(LogItem.Of)], next, log.Counts));
    }

    private static async Task<IResult> StateAsync(WorldPlan plan, ControlOperations operations, CancellationToken ct) => ControlBody.Of(new StateResponse(
        plan.Clock.Now, plan.Content.Profile?.Name, plan.Options.Seed, await operations.UsersAsync(ct), await operations.ListAsync(ct),
        FaultListResponse.Of(plan.Faults).Items, [.. plan.Content.Routes.Select(RouteItem.Of)], plan.Log.Counts));

    private static SymbolonProblem Unknown(SessionTarget target) => Problems.NotFound with { Detail = $"{target.Missing} GET {MockDefaults.ControlPath}/state lists what there is." };

    private static SymbolonProblem OneTarget { get; } = Problems.Malformed("""Say one of "session_id", "username" and, to revoke, "all": true.""");
}
