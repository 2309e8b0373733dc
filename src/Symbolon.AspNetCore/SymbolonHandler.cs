using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.Access;
using Symbolon.Jose;

namespace Symbolon.AspNetCore;

/// <summary>Checks the access token of a request, and renders 401 and 403 as problem documents.</summary>
internal sealed class SymbolonHandler(
    IOptionsMonitor<SymbolonOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<SymbolonOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";
    private SymbolonProblem? refusal;

    private new SymbolonEvents Events => (SymbolonEvents)base.Events!;

    protected override Task<object> CreateEventsAsync() => Task.FromResult<object>(new SymbolonEvents());

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count > 1) return Refuse(AccessTokenFailure.Malformed);
        if (header.ToString() is not { } value || !value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();

        if (value.Length > Bearer.Length + Jws.MaxLength) return Refuse(AccessTokenFailure.Malformed);
        var result = await Check.CheckAsync(value[Bearer.Length..], Demand, Context, Context.RequestAborted);
        if (result.Token is not { } token) return Refuse(result.Problem!);
        if (result.IsLive) Context.Features.Set(LiveAnswered.Instance);

        var principal = SymbolonPrincipal.Of(token.Claims, Scheme.Name);
        await Events.TokenVerified(new TokenVerifiedContext(Context, Scheme, Options, token.Claims, principal));
        return AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        await (refusal ?? AccessTokenProblems.Missing).ExecuteAsync(Context);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties) => await (await WhatIsMissingAsync()).ExecuteAsync(Context);

    private RouteDemand Demand => Context.GetEndpoint()?.Metadata.GetMetadata<SymbolonModeAttribute>()?.Over(Options.Demand) ?? Options.Demand;

    private TokenCheck Check => Options.Check ?? throw new InvalidOperationException("The scheme has no sources.");

    private AuthenticateResult Refuse(AccessTokenFailure failure) => Refuse(AccessTokenProblems.Refused(failure));

    private AuthenticateResult Refuse(SymbolonProblem problem)
    {
        refusal = problem;
        return AuthenticateResult.Fail(problem.Code);
    }

    // The framework tells a handler that something is missing, not what: so ask the route's policy again.
    private async Task<SymbolonProblem> WhatIsMissingAsync()
    {
        var metadata = Context.GetEndpoint()?.Metadata;
        var provider = Context.RequestServices.GetService<IAuthorizationPolicyProvider>();
        var user = (await HandleAuthenticateOnceSafeAsync()).Principal;
        if (metadata is null || provider is null || user is null) return AccessTokenProblems.Forbidden;
        var policy = await AuthorizationPolicy.CombineAsync(
            provider, metadata.GetOrderedMetadata<IAuthorizeData>(), metadata.GetOrderedMetadata<AuthorizationPolicy>());
        foreach (var requirement in policy?.Requirements ?? [])
        {
            if (requirement is RolesAuthorizationRequirement roles && !roles.AllowedRoles.Any(user.IsInRole)) return AccessTokenProblems.RoleMissing;
            if (requirement is ClaimsAuthorizationRequirement { ClaimType: SymbolonDefaults.ScopeClaim, AllowedValues: { } scopes } && !scopes.Any(user.HasScope))
                return AccessTokenProblems.ScopeMissing(scopes.FirstOrDefault());
        }

        return AccessTokenProblems.Forbidden;
    }
}
