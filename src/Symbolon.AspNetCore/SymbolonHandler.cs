using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore;

/// <summary>Checks the access token of a request, and renders 401 and 403 as problem documents.</summary>
internal sealed class SymbolonHandler(
    IOptionsMonitor<SymbolonOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<SymbolonOptions>(options, logger, encoder)
{
    private SymbolonProblem? refusal;

    private new SymbolonEvents Events => (SymbolonEvents)base.Events!;

    protected override Task<object> CreateEventsAsync() => Task.FromResult<object>(new SymbolonEvents());

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var presented = PresentedToken.Read(Request, Options);
        if (presented.Refusal is { } refused) return Refuse(refused);
        if (presented.Token is not { } text) return AuthenticateResult.NoResult();

        var route = Context.GetEndpoint()?.Metadata.GetMetadata<SymbolonModeAttribute>();
        var demand = route?.Over(Options.Demand) ?? Options.Demand;
        var connections = demand.Mode == SymbolonMode.Offline || route is { CloseWhenRevoked: false } ? null : Options.Connections;
        var view = connections?.View;
        var result = await Check.CheckAsync(text, demand, Context, Context.RequestAborted);
        if (result.Token is not { } token) return Refuse(result.Problem!);
        if (result.IsLive) Context.Features.Set(LiveAnswered.Instance);

        var principal = SymbolonPrincipal.Of(token.Claims, Scheme.Name);
        if (!Events.IsSilent) await Events.TokenVerified(new TokenVerifiedContext(Context, Scheme, Options, token.Claims, principal));
        if (connections is not null) KeepWatch(connections, new SymbolonConnection(Context, connections, text, token, demand, route), view);
        // Where the framework looks for it: a hub may close its connections when their tokens expire.
        return AuthenticateResult.Success(new AuthenticationTicket(principal, new AuthenticationProperties { ExpiresUtc = token.Claims.ExpiresAt }, Scheme.Name));
    }

    private void KeepWatch(SchemeConnections connections, SymbolonConnection connection, RevocationView? checkedBy)
    {
        Context.Features.Set(connection);
        Response.RegisterForDispose(connection);
        connections.Add(connection, checkedBy);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        (refusal ?? AccessTokenProblems.Missing).Challenged(Context);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties) => (await WhatIsMissingAsync()).Challenged(Context);

    private TokenCheck Check => Options.Check ?? throw new InvalidOperationException("The scheme has no sources.");

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
