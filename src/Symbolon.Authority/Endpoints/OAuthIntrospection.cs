using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Access;
using Symbolon.Authority.Operations;

namespace Symbolon.Authority.Endpoints;

/// <summary>Introspection (RFC 7662), for services that check tokens: confidential clients with the scope <see cref="Client.VerifierScope"/>.</summary>
internal static class OAuthIntrospection
{
    public static void Map(IEndpointRouteBuilder oauth) =>
        oauth.MapPost("/introspect", Introspect).WithSummary("Says whether an access token counts now. For confidential clients with the scope revocations.")
            .Takes<IFormCollection>(OAuthForm.MediaType).Produces<IntrospectionResponse>().OAuthErrors(400, 401, 503).DisableAntiforgery();

    private static async Task<IResult> Introspect(HttpContext http, IntrospectToken introspect, ClientAuthentication authentication)
    {
        var (form, error) = await OAuthForm.ReadAsync(http.Request);
        if (error is not null) return error;
        if (authentication.Authenticate(http.Request, form!, out var client) is { } refused) return refused.Challenged; // RFC 7662 §2.3
        if (!client!.IsVerifier) return OAuthError.NotAVerifier;
        if (form!["token"] is not { } token) return OAuthError.Request("token is missing.");

        return await introspect.RunAsync(token, http.RequestAborted) switch
        {
            Introspection.Active active => new ActiveToken(active.Claims),
            Introspection.Inactive inactive => Json.Of(new IntrospectionResponse(false, inactive.Failure.Code(), inactive.Reason)),
            _ => OAuthError.Unavailable,
        };
    }
}

/// <summary>An answer about a token. An active one has the token's claims beside it, under their own names.</summary>
/// <param name="Active">Whether it counts.</param>
/// <param name="Code">Why it does not: the code that a service answers with.</param>
/// <param name="Reason">Why its session ended, where one did.</param>
internal sealed record IntrospectionResponse(bool Active, string? Code, string? Reason);

/// <summary>The answer about a token that counts: all that it says.</summary>
internal sealed class ActiveToken(AccessTokenClaims claims) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        await using (var json = new Utf8JsonWriter(response.BodyWriter)) Write(json);
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    private void Write(Utf8JsonWriter json)
    {
        using var all = JsonDocument.Parse(claims.ToUtf8Json());
        json.WriteStartObject();
        json.WriteBoolean("active", true);
        json.WriteString("token_type", "Bearer");
        foreach (var claim in all.RootElement.EnumerateObject())
            if (claim.Name is not ("active" or "token_type" or "code" or "reason")) claim.WriteTo(json); // an application's own claim must not pass for ours
        json.WriteEndObject();
    }
}
