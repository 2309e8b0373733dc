using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.Access;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore;

/// <summary>Checks the access token of a request, and renders 401 and 403 as problem documents.</summary>
internal sealed class SymbolonHandler(
    IOptionsMonitor<SymbolonOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<SymbolonOptions>(options, logger, encoder)
{
    private SymbolonProblem? refusal;
    private ReadOnlyMemory<char> text;
    private SymbolonConnection? watched;
    private RouteTerms checkedFor;

    private new SymbolonEvents Events => (SymbolonEvents)base.Events!;

    protected override Task<object> CreateEventsAsync() => Task.FromResult<object>(new SymbolonEvents());

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var presented = PresentedToken.Read(Request, Options);
        if (presented.Refusal is { } refused) return Refuse(refused);
        if (presented.Token is null) return AuthenticateResult.NoResult();
        text = presented.Token.Value;
        if (await CheckAsync() is not { } token) return AuthenticateResult.Fail(refusal!.Code);

        Before = Context.Features.Get<SymbolonHandler>();
        Context.Features.Set(this);
        var principal = SymbolonPrincipal.Of(token.Claims, Scheme.Name);
        if (!Events.IsSilent) await Events.TokenVerified(new TokenVerifiedContext(Context, Scheme, Options, token.Claims, principal));
        // Where the framework looks for it: a hub may close its connections when their tokens expire.
        return AuthenticateResult.Success(new AuthenticationTicket(principal, new AuthenticationProperties { ExpiresUtc = token.Claims.ExpiresAt }, Scheme.Name));
    }

    /// <summary>Another scheme of ours that has passed a token of the same request before.</summary>
    internal SymbolonHandler? Before { get; private set; }

    /// <summary>Whether the token has passed as the request's route says: it is checked again where it was checked without the route, or with another.</summary>
    internal async ValueTask<bool> MeetsRouteAsync() => Terms == checkedFor || await CheckAsync() is not null;

    private RouteTerms Terms => RouteTerms.Of(Context.GetEndpoint()?.Metadata, Options.Demand);

    private async ValueTask<AuthenticToken?> CheckAsync()
    {
        var terms = Terms;
        var connections = terms.IsWatched ? Options.Connections : null;
        var (view, asked) = (connections?.View, connections?.Time.GetTimestamp() ?? 0);
        var result = await Check.CheckAsync(text, terms.Demand, Context, Context.RequestAborted);
        refusal = result.Problem;
        if (result.Token is not { } token) return null;
        checkedFor = terms;
        if (connections is not null)
            KeepWatch(connections, new SymbolonConnection(Context, connections, text, token, terms) { Grace = Options.ClosingGrace, VouchedAt = result.IsLive ? asked : 0 }, view);
        return token;
    }

    private void KeepWatch(SchemeConnections connections, SymbolonConnection connection, RevocationView? checkedBy)
    {
        watched?.Dispose(); // from now on by what this route says
        watched = connection;
        Context.Features.Set(connection);
        Response.RegisterForDispose(connection);
        connections.Add(connection, checkedBy);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        (refusal ?? AccessTokenProblems.Missing).Challenged(Context);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties) => (refusal ?? await WhatIsMissingAsync()).Challenged(Context);

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
