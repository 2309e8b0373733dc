using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Symbolon.Authority.Endpoints;

/// <summary>Keys and metadata (RFC 7517, RFC 8414, OpenID Connect Discovery).</summary>
internal static class WellKnownEndpoints
{
    // Shorter than a signing key is announced before it signs.
    private const string Cached = "public, max-age=300", CachedWhenOld = "public, max-age=60";

    public static void Map(IEndpointRouteBuilder root)
    {
        root.MapGet("/.well-known/jwks.json", Jwks).WithSummary("The public keys that access tokens verify with.").Produces(200, contentType: "application/jwk-set+json").Problems(503);
        root.MapGet("/.well-known/openid-configuration", Metadata).WithSummary("Metadata of the authority.").Produces<MetadataResponse>().Problems(503);
        root.MapGet("/.well-known/oauth-authorization-server", Metadata).WithSummary("Metadata of the authority.").Produces<MetadataResponse>().Problems(503);
    }

    // Old keys are better than none: services go on while the store is away. They are asked to come again soon.
    private static async Task<IResult> Jwks(HttpContext http, KeyRing ring)
    {
        var keys = await ring.NewestAsync(ring.Policy.TrustFor, http.RequestAborted);
        http.Response.Headers.CacheControl = ring.Age < ring.Policy.TrustFor ? Cached : CachedWhenOld;
        return Results.Text(keys.Jwks, "application/jwk-set+json");
    }

    private static IResult Metadata(HttpContext http, IOptions<AuthorityOptions> options)
    {
        http.Response.Headers.CacheControl = Cached;
        return Json.Of(MetadataResponse.Of(options.Value));
    }
}

/// <summary>Metadata of the authority (RFC 8414 §2). One member is our own: where verifiers follow what is revoked.</summary>
internal sealed record MetadataResponse(
    string Issuer, string TokenEndpoint, string RevocationEndpoint, string IntrospectionEndpoint, string SymbolonRevocationsEndpoint, string JwksUri, IReadOnlyList<string> GrantTypesSupported,
    IReadOnlyList<string> ResponseTypesSupported, IReadOnlyList<string> SubjectTypesSupported, IReadOnlyList<string> IdTokenSigningAlgValuesSupported,
    IReadOnlyList<string> TokenEndpointAuthMethodsSupported, IReadOnlyList<string> RevocationEndpointAuthMethodsSupported,
    IReadOnlyList<string> IntrospectionEndpointAuthMethodsSupported)
{
    private static readonly string[] BySecret = ["client_secret_basic", "client_secret_post"], AuthMethods = ["none", .. BySecret];

    public static MetadataResponse Of(AuthorityOptions options) => new(
        options.Issuer, $"{options.Issuer}/oauth/token", $"{options.Issuer}/oauth/revoke", $"{options.Issuer}/oauth/introspect", $"{options.Issuer}/revocations",
        $"{options.Issuer}/.well-known/jwks.json", ["refresh_token", "client_credentials"], [], ["public"], [options.AccessToken.Algorithm.ToString()], AuthMethods, AuthMethods, BySecret);
}
