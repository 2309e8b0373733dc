using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Authority.Operations;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>The token endpoint (RFC 6749 §4.4 and §6) and revocation (RFC 7009), in OAuth's own words.</summary>
internal static class OAuthEndpoints
{
    public static void Map(IEndpointRouteBuilder oauth)
    {
        oauth.MapPost("/token", Token).WithSummary("Exchanges a refresh token (grant_type=refresh_token), or gives a confidential client a token of its own (client_credentials).")
            .Takes<IFormCollection>(OAuthForm.MediaType).Produces<TokenResponse>().OAuthErrors(400, 401, 503).DisableAntiforgery();
        OAuthIntrospection.Map(oauth);
        oauth.MapPost("/revoke", Revoke).WithSummary("Ends the session of a refresh token, or revokes one access token; unknown ones are fine. With wait (500ms, 2s): a receipt.")
            .Takes<IFormCollection>(OAuthForm.MediaType).WithReceipt(malformed: OAuthError.Request).OAuthErrors(400, 401, 503).DisableAntiforgery();
    }

    private static async Task<IResult> Token(HttpContext http, RefreshSession refresh, IssueClientToken issue, ClientAuthentication authentication)
    {
        var (form, error) = await OAuthForm.ReadAsync(http.Request);
        if (error is not null) return error;
        if (authentication.Authenticate(http.Request, form!, out var client) is { } refused) return refused;
        if (form!["grant_type"] is not { } grant) return OAuthError.Request("grant_type is missing.");
        return grant switch
        {
            "refresh_token" => await RefreshToken(http, form, client!, refresh),
            "client_credentials" => await ClientCredentials(http, form, client!, issue),
            _ => OAuthError.UnsupportedGrant,
        };
    }

    private static async Task<IResult> RefreshToken(HttpContext http, OAuthForm form, Client client, RefreshSession refresh)
    {
        if (form["refresh_token"] is not { } token) return OAuthError.Request("refresh_token is missing.");
        if (!AttemptId.TryRead(http.Request, out var attempt)) return OAuthError.Request(AttemptId.Rule);

        return await refresh.RunAsync(new RefreshCommand(token, client.Id, SessionTransport.Body, attempt), http.RequestAborted) switch
        {
            RefreshOutcome.Issued issued => new TokenResult(issued.Tokens),
            var outcome => OAuthError.Of(outcome),
        };
    }

    private static async Task<IResult> ClientCredentials(HttpContext http, OAuthForm form, Client client, IssueClientToken issue) =>
        await issue.RunAsync(client, form["scope"], http.RequestAborted) switch
        {
            ClientTokenOutcome.Issued issued => Json.Of(ClientTokenResponse.Of(issued.Token)),
            ClientTokenOutcome.Refused refused => OAuthError.Of(refused),
            var other => throw new InvalidOperationException($"{other} is not known here."),
        };

    private static async Task<IResult> Revoke(HttpContext http, LogOut logOut, RevokeToken revoke, ClientAuthentication authentication)
    {
        var (form, error) = await OAuthForm.ReadAsync(http.Request);
        if (error is not null) return error;
        if (authentication.Authenticate(http.Request, form!, out var client) is { } refused) return refused;
        if (form!["token"] is not { } token) return OAuthError.Request("token is missing.");
        if (await EndAsync(token, client!, logOut, revoke, http.RequestAborted)) EndedNow.Mark(http);
        return Results.Ok();
    }

    // token_type_hint is not needed: the two look different (RFC 7009 §2.1 lets it be ignored).
    private static async Task<bool> EndAsync(string token, Client client, LogOut logOut, RevokeToken revoke, CancellationToken ct) =>
        token.Contains('.', StringComparison.Ordinal) ? await revoke.RunAsync(token, client, ct)
        : await logOut.FindAsync(token, client.Id, SessionTransport.Body, ct) is { } session && await logOut.RunAsync(session.Id, session.Subject.Value, ct);
}
