using Symbolon.AspNetCore;
using Symbolon.Gateway.Requests;
using Symbolon.Gateway.Rules;

namespace Symbolon.Gateway;

/// <summary>Answers a proxy's question: may this request pass, and who sends it? It reads and decides; it never sets a cookie and never refreshes.</summary>
internal sealed class Verify(GatewayOptions options, RulesFile rules, TokenCheck check, GatewayMetrics metrics)
{
    private readonly RouteDemand demand = options.Demand;
    private readonly CrossSiteRule crossSite = new(options.Origins);

    /// <summary>Answers.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        var problem = await JudgeAsync(http);
        metrics.Answered(problem?.Code);
        if (problem is null)
        {
            http.Response.StatusCode = StatusCodes.Status200OK;
            http.Response.Headers.CacheControl = "no-store";
            return;
        }

        IdentityHeaders.SetNobody(http.Response.Headers);
        http.Response.Headers[GatewayProblems.Header] = problem.Code;
        await problem.ExecuteAsync(http);
    }

    private async ValueTask<SymbolonProblem?> JudgeAsync(HttpContext http)
    {
        if (!OriginalRequestReader.TryRead(http, options.Original, out var original)) return GatewayProblems.Request;
        if (rules.Rules.Find(original) is not { } rule) return GatewayProblems.Method;
        if (rule.IsPublic)
        {
            IdentityHeaders.SetNobody(http.Response.Headers);
            return null;
        }

        var presented = PresentedToken.ReadForwarded(http.Request.Headers, original.Method, options.Cookie, crossSite);
        if (presented.Token is not { } token) return presented.Refusal ?? AccessTokenProblems.Missing;
        var result = await check.CheckAsync(token, rule.Over(demand), http, http.RequestAborted);
        return result.Token is { } passed ? Authorize(http, rule, passed) : result.Problem;
    }

    private SymbolonProblem? Authorize(HttpContext http, RouteRule rule, Access.AuthenticToken token)
    {
        var roles = TokenRoles.Of(token.Claims, options.RolesClaim);
        if (!rule.Roles.IsEmpty && !rule.Roles.Any(roles.Contains)) return AccessTokenProblems.RoleMissing;
        foreach (var scope in rule.Scopes)
        {
            if (!token.Claims.HasScope(scope)) return AccessTokenProblems.ScopeMissing(scope);
        }

        IdentityHeaders.Set(http.Response.Headers, token.Claims, roles);
        return null;
    }
}
