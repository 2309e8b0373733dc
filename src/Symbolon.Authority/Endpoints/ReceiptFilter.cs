using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority.Endpoints;

/// <summary>Gives a call that revokes a receipt, where its query asks with <c>wait</c>: after the commit, before the answer.</summary>
internal sealed class ReceiptFilter(Func<string, IResult> malformed) : IEndpointFilter
{
    private const string Rule = "wait must be a length such as 500ms or 2s.";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Query["wait"] is not { Count: > 0 } text) return await next(context);
        if (!TryRead(text.ToString(), out var wait)) return malformed(Rule); // before anything is done

        var receipts = http.RequestServices.GetRequiredService<Receipts>();
        var before = receipts.Before();
        var answer = await next(context);
        if (!Carries(answer) || !MayKnow(http)) return answer;
        try
        {
            var receipt = await receipts.OfNewestAsync(wait, http.Features.Get<LiveSession>()?.Session.Id, before, http.RequestAborted);
            return With(answer, ReceiptResponse.Of(receipt, withNames: IsAdministrator(http)));
        }
        catch (StoreUnavailableException e)
        {
            http.RequestServices.GetRequiredService<AuthorityTelemetry>().Unavailable(e);
            return answer; // it is done, and the answer may hold tokens
        }
    }

    /// <summary>A length in whole seconds or milliseconds, cut to the longest.</summary>
    internal static bool TryRead(string text, out TimeSpan wait)
    {
        wait = default;
        var (digits, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1) : text.EndsWith('s') ? (text[..^1], 1000) : ("", 0);
        if (digits.Length > 9 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        wait = TimeSpan.FromMilliseconds(Math.Min((long)number * unit, (long)Longest.TotalMilliseconds));
        return true;
    }

    private static bool Carries(object? answer) => answer is NoContent or Ok or TokenResult or JsonHttpResult<EndedResponse> or JsonHttpResult<ManagedAccountResponse>;

    private static object? With(object? answer, ReceiptResponse receipt) => answer switch
    {
        TokenResult tokens => tokens.With(receipt),
        JsonHttpResult<EndedResponse> ended => Json.Of(ended.Value! with { Receipt = receipt }),
        JsonHttpResult<ManagedAccountResponse> account => Json.Of(account.Value! with { Receipt = receipt }),
        _ => Json.Of(new ReceiptOnlyResponse(receipt)),
    };

    // Where no session is needed to call, only who has ended one may wait and learn how many verifiers there are.
    private static bool MayKnow(HttpContext http) => http.Features.Get<LiveSession>() is not null || http.Features.Get<EndedNow>() is not null;

    private static bool IsAdministrator(HttpContext http) => http.Features.Get<LiveSession>()?.Account.Roles.Contains(AdminEndpoints.Role, StringComparer.Ordinal) ?? false;
}

/// <summary>Marks a request that has ended a session without having one of its own.</summary>
internal sealed class EndedNow
{
    private static readonly EndedNow Instance = new();

    private EndedNow()
    {
    }

    public static void Mark(HttpContext http) => http.Features.Set(Instance);
}

/// <summary>Gives routes their receipts.</summary>
internal static class ReceiptRoutes
{
    /// <param name="route">The route.</param>
    /// <param name="documented">Whether the receipt is an answer of its own; else it is a member of the one the route has.</param>
    /// <param name="malformed">How the route says that the query is wrong.</param>
    public static RouteHandlerBuilder WithReceipt(this RouteHandlerBuilder route, bool documented = true, Func<string, IResult>? malformed = null)
    {
        route.AddEndpointFilter(new ReceiptFilter(malformed ?? Problems.Malformed));
        return documented ? route.Produces<ReceiptOnlyResponse>() : route;
    }
}
