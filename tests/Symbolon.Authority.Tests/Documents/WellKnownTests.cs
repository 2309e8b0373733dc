using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Documents;

public sealed class WellKnownTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Jwks_ShowsPublicHalvesOnly()
    {
        var jwks = (await server.GetAsync("/.well-known/jwks.json")).Is(200);

        Assert.Equal("application/jwk-set+json", jwks.MediaType);
        Assert.Equal("public, max-age=300", jwks.Header("Cache-Control"));
        var key = Assert.Single(jwks["keys"].EnumerateArray());
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.EnumerateObject().Select(member => member.Name).Order());
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task Metadata_NamesTheIssuersEndpoints(string path)
    {
        var metadata = (await server.GetAsync(path)).Is(200);

        Assert.Equal(TestServer.Issuer, metadata.String("issuer"));
        Assert.Equal($"{TestServer.Issuer}/.well-known/jwks.json", metadata.String("jwks_uri"));
        Assert.Equal($"{TestServer.Issuer}/oauth/token", metadata.String("token_endpoint"));
        Assert.Equal($"{TestServer.Issuer}/oauth/revoke", metadata.String("revocation_endpoint"));
        Assert.Equal($"{TestServer.Issuer}/oauth/introspect", metadata.String("introspection_endpoint"));
        Assert.Equal($"{TestServer.Issuer}/revocations", metadata.String("symbolon_revocations_endpoint"));
        Assert.Equal(["client_secret_basic", "client_secret_post"], metadata["introspection_endpoint_auth_methods_supported"].EnumerateArray().Select(method => method.GetString()));
        Assert.Equal(["refresh_token", "client_credentials"], metadata["grant_types_supported"].EnumerateArray().Select(grant => grant.GetString()));
    }

    [Theory]
    [InlineData("/health/live", "live")]
    [InlineData("/health/ready", "ready")]
    public async Task Health_IsGood_WhenTheServerRuns(string path, string status) =>
        Assert.Equal($$"""{"status":"{{status}}"}""", (await server.GetAsync(path)).Is(200).Text);

    [Theory]
    [InlineData("/")]
    [InlineData("/auth/me")]
    [InlineData("/nothing")]
    public async Task Headers_ProtectABrowser_OnEveryAnswer(string path)
    {
        var answer = await server.GetAsync(path);

        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Null(answer.Header("Server"));
    }
}
