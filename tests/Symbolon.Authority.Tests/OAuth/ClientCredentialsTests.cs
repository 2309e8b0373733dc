using Microsoft.Extensions.Options;
using Symbolon.Authority.Tests.Support;
using Symbolon.Sessions;

namespace Symbolon.Authority.Tests.OAuth;

/// <summary>Clients' own tokens (RFC 6749 §4.4), and what they open.</summary>
public sealed class ClientCredentialsTests(ClientsFixture fixture) : IClassFixture<ClientsFixture>
{
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Token_CarriesTheClient_AndNoSession()
    {
        var answer = (await server.OwnTokenAsync("backend")).Is(200);

        Assert.Equal(["access_token", "token_type", "expires_in", "scope"], answer.Members);
        Assert.Equal(("Bearer", "read write"), (answer.String("token_type"), answer.String("scope")));
        Assert.InRange(answer["expires_in"].GetInt32(), 569, 600);
        Assert.Equal(("no-store", "no-cache"), (answer.Header("Cache-Control"), answer.Header("Pragma")));
        var claims = answer.AccessToken.Claims();
        Assert.Equal(["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope", "er"], claims.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal(("backend", "backend", "read write"), (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString(), claims.GetProperty("scope").GetString()));
        Assert.Equal("""["api","files"]""", claims.GetProperty("aud").GetRawText());
        Assert.Equal("backend", (await server.GetAsync("/test/api", answer.AccessToken)).Is(200).Text);
        Assert.Equal("backend", (await server.GetAsync("/test/live", answer.AccessToken)).Is(200).Text);
    }

    [Theory]
    [InlineData("backend", null, "read write")]
    [InlineData("backend", "read", "read")]
    [InlineData("backend", "write read", "write read")]
    [InlineData("backend", "revocations", "revocations")]
    [InlineData("gateway", "revocations", "revocations")]
    [InlineData("worker", null, null)]
    public async Task Token_CarriesTheScope_WhenTheClientMayHaveIt(string client, string? asked, string? granted)
    {
        var answer = (await server.OwnTokenAsync(client, asked)).Is(200);

        Assert.Equal(granted, answer.String("scope"));
        var claims = answer.AccessToken.Claims();
        Assert.Equal(granted, claims.TryGetProperty("scope", out var scope) ? scope.GetString() : null);
        if (granted == "revocations") Assert.Equal(TestServer.Issuer, claims.GetProperty("aud").GetString());
    }

    [Theory]
    [InlineData("reader", "write")]
    [InlineData("reader", "revocations")]
    [InlineData("reader", "read write")]
    [InlineData("reader", "READ")]
    [InlineData("reader", " read")]
    [InlineData("reader", "read ")]
    [InlineData("backend", "read  write")]
    [InlineData("backend", "read read")]
    [InlineData("backend", "read revocations")]
    [InlineData("backend", "revocations revocations")]
    [InlineData("worker", "read")]
    [InlineData("gateway", null)] // it has nothing but revocations, which must be asked for
    public async Task Token_IsInvalidScope_WhenTheClientMayNotHaveIt(string client, string? asked) =>
        (await server.OwnTokenAsync(client, asked)).IsOAuthError(400, "invalid_scope", "invalid_scope");

    [Fact]
    public async Task Token_IsRefused_ForAPublicClientAndAWrongSecret()
    {
        (await server.FormAsync("/oauth/token", ("grant_type", "client_credentials"), ("client_id", "web"))).IsOAuthError(400, "unauthorized_client", "unauthorized_client");
        (await server.FormAsync("/oauth/token", ("grant_type", "client_credentials"), ("client_id", "backend"))).IsOAuthError(400, "invalid_client", "unknown_client");
        (await server.FormAsync("/oauth/token", ("grant_type", "client_credentials"), ("client_id", "backend"), ("client_secret", ClientsFixture.Secret + " ")))
            .IsOAuthError(400, "invalid_client", "unknown_client");
        (await server.FormAsync("/oauth/token", ("grant_type", "client_credentials"), ("client_id", "backend"), ("client_secret", ClientsFixture.Secret))).Is(200);
    }

    [Theory]
    [InlineData("/auth/me")]
    [InlineData("/auth/sessions")]
    public async Task OwnEndpoints_AreClosed_ForAClientsToken(string path)
    {
        var api = (await server.OwnTokenAsync("backend")).Is(200).AccessToken;
        var verifier = (await server.OwnTokenAsync("backend", "revocations")).Is(200).AccessToken;

        (await server.GetAsync(path, api)).IsProblem(403, "forbidden");
        (await server.GetAsync("/admin/sessions", api)).IsProblem(403, "role_missing");
        (await server.GetAsync(path, verifier)).IsProblem(401, "token_audience");
        (await server.GetAsync("/test/api", verifier)).IsProblem(401, "token_audience");
    }

    [Fact]
    public async Task VerifierRoute_OpensForAVerifiersTokenOnly()
    {
        var answer = (await server.OwnTokenAsync("backend", "revocations")).Is(200);
        var verifier = (await server.GetAsync("/test/verifier", answer.AccessToken)).Is(200);
        Assert.Equal("backend", verifier.String("clientId"));
        Assert.Equal(answer.AccessToken.Claims().GetProperty("exp").GetInt64(), verifier["expiresAt"].GetDateTimeOffset().ToUnixTimeSeconds());

        (await server.GetAsync("/test/verifier")).IsProblem(401, "token_missing");
        (await server.GetAsync("/test/verifier", "nonsense")).IsProblem(401, "token_malformed");
        (await server.GetAsync("/test/verifier", (await server.OwnTokenAsync("backend")).AccessToken)).IsProblem(401, "token_audience");
        (await server.GetAsync("/test/verifier", (await server.RegisterAsync()).Tokens.AccessToken)).IsProblem(401, "token_audience");
        (await server.GetAsync("/test/verifier", await server.AdminAsync())).IsProblem(401, "token_audience");
    }

    [Fact]
    public async Task VerifierRoute_Is403_WhenTheConfigurationGrantsTheScopeNoMore()
    {
        var token = (await server.OwnTokenAsync("gateway", "revocations")).Is(200).AccessToken;
        foreach (var settings in new[] { ClientsFixture.Client(0, "other", "revocations"), ClientsFixture.Client(0, "gateway", "read"), [("Symbolon:Clients:0:Id", "gateway")] })
        {
            // Another server with the same keys whose configuration is newer.
            await using var newer = await TestServer.StartAsync(settings, services => ShareStore(services), app => fixture.Map(app));

            (await newer.GetAsync("/test/verifier", token)).IsProblem(403, "scope_missing");
        }
    }

    [Fact]
    public async Task Token_IsRefusedEverywhere_WhenEveryonesSessionsAreEnded()
    {
        var (api, verifier) = ((await server.OwnTokenAsync("backend")).AccessToken, (await server.OwnTokenAsync("backend", "revocations")).AccessToken);
        (await server.PostAsync("/admin/end-all", token: await server.AdminAsync())).Is(204);

        await server.SeenAsync();
        (await server.GetAsync("/test/api", api)).IsProblem(401, "token_revoked", "all_ended");
        (await server.GetAsync("/test/live", api)).IsProblem(401, "token_revoked", "all_ended");
        (await server.GetAsync("/test/verifier", verifier)).IsProblem(401, "token_revoked", "all_ended");
        (await server.GetAsync("/test/verifier", (await server.OwnTokenAsync("backend", "revocations")).AccessToken)).Is(200);
    }

    [Fact]
    public async Task Token_IsRefused_WhenTheClientsIdIsAnAccounts()
    {
        var sub = (await server.GetAsync("/auth/me", (await server.RegisterAsync()).Tokens.AccessToken)).String("sub")!;
        await using var newer = await TestServer.StartAsync(ClientsFixture.Client(0, sub, "read"), services => ShareStore(services));

        (await newer.OwnTokenAsync(sub)).IsOAuthError(400, "unauthorized_client", "unauthorized_client");
    }

    [Fact]
    public async Task Session_NeverCarriesTheVerifiersScope()
    {
        var sub = (await server.GetAsync("/auth/me", (await server.RegisterAsync()).Tokens.AccessToken)).String("sub")!;

        var tokens = await server.Authority.StartAsync(new SessionRequest(new SubjectId(sub)) { ClientId = "backend" });

        Assert.Equal("read write", tokens.AccessToken.Claims().GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("Symbolon:Clients:0:Scopes:0", "revocations", "secret")]
    [InlineData("Symbolon:Clients:0:Scopes:0", "read write", "spaces")]
    [InlineData("Symbolon:Clients:0:Audiences:0", TestServer.Issuer, "issuer")]
    [InlineData("Symbolon:Audience", TestServer.Issuer, "issuer")]
    public async Task Start_IsRefused_WhenAVerifiersTokenCouldBeAnothers(string key, string value, string says)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestServer.StartAsync([("Symbolon:Clients:0:Id", "app"), (key, value)]));

        Assert.Contains(refused.Failures, failure => failure.Contains(key[..^2], StringComparison.Ordinal) && failure.Contains(says, StringComparison.Ordinal));
    }

    private void ShareStore(Microsoft.Extensions.DependencyInjection.IServiceCollection services) => services.ShareStoreOf(server);
}
