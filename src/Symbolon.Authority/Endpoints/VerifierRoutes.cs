using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;
using Symbolon.Authority.Operations;
using Symbolon.Jose;

namespace Symbolon.Authority.Endpoints;

/// <summary>Routes for services that follow the revocation log: they need a token of <c>client_credentials</c> for the authority itself, which opens nothing else.</summary>
internal static class VerifierRoutes
{
    /// <summary>A scheme of its own: the ordinary one takes no token whose audience is the issuer, and this one no other.</summary>
    public const string Scheme = "SymbolonVerifier";

    /// <summary>Requires a verifier's token; <see cref="Verifier.Of"/> then tells whose it is.</summary>
    public static TBuilder RequireVerifier<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new SymbolonModeAttribute(SymbolonMode.Revocable)).RequireAuthorization(policy =>
            policy.AddAuthenticationSchemes(Scheme).RequireAuthenticatedUser().RequireScope(Client.VerifierScope));

    public static void AddScheme(IServiceCollection services)
    {
        new AuthenticationBuilder(services).AddScheme<SymbolonOptions, SymbolonHandler>(Scheme, displayName: null, configureOptions: null);
        services.AddOptions<SymbolonOptions>(Scheme).Configure<IOptions<AuthorityOptions>, Clients, IServiceProvider>((scheme, authority, clients, provider) =>
        {
            scheme.Sources = new TokenCheckSources(
                provider.GetRequiredService<InProcessKeySource>(), provider.GetRequiredService<InProcessRevocationFeed>(), provider.GetRequiredService<SessionLiveCheck>());
            scheme.Issuer = authority.Value.Issuer;
            scheme.Audiences.Add(authority.Value.Issuer);
            scheme.Algorithms.Add(JwsAlgorithm.HS256); // issuer and verifier are one process
            scheme.RememberedTokens = 1024; // a few services, each with one token
            scheme.Events = new SymbolonEvents { OnTokenVerified = context => Verified(context, clients) };
        });
    }

    // The scope counts only while the configuration still grants it: without it the route answers 403.
    private static Task Verified(TokenVerifiedContext context, Clients clients)
    {
        var (claims, identity) = (context.Claims, (ClaimsIdentity)context.Principal.Identity!);
        var isVerifier = claims.SessionId is null && claims.Subject == claims.ClientId && clients.Find(claims.ClientId) is { IsVerifier: true };
        if (isVerifier) context.HttpContext.Features.Set(new Verifier(claims.ClientId, claims.ExpiresAt));
        else foreach (var scope in identity.FindAll(SymbolonDefaults.ScopeClaim).ToList()) identity.RemoveClaim(scope);
        return Task.CompletedTask;
    }
}

/// <summary>The service behind a request that has passed <see cref="VerifierRoutes.RequireVerifier"/>.</summary>
/// <param name="ClientId">Its client.</param>
/// <param name="ExpiresAt">When its token expires: what is still open then must close.</param>
internal sealed record Verifier(string ClientId, DateTimeOffset ExpiresAt)
{
    public static Verifier Of(HttpContext context) => context.Features.Get<Verifier>() ?? throw new InvalidOperationException("The route is not a verifier's.");
}
