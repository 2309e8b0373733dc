using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Authority.Tests.Support;
using Symbolon.Jose;

namespace Symbolon.Authority.Tests.OAuth;

/// <summary>Introspection (RFC 7662): who may ask, and what the answer is at this moment.</summary>
public sealed class IntrospectionTests(ClientsFixture fixture) : IClassFixture<ClientsFixture>
{
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Answer_HasTheClaims_WhenTheTokenCounts()
    {
        var (_, tokens) = await server.RegisterAsync();

        var answer = await IsActiveAsync(tokens.AccessToken);

        var claims = tokens.AccessToken.Claims();
        Assert.Equal(["active", "token_type", .. claims.EnumerateObject().Select(claim => claim.Name)], answer.Members);
        Assert.All(claims.EnumerateObject(), claim => Assert.Equal(claim.Value.GetRawText(), answer[claim.Name].GetRawText()));
        Assert.Equal("Bearer", answer.String("token_type"));
        Assert.Equal(("no-store", "no-cache"), (answer.Header("Cache-Control"), answer.Header("Pragma")));
        Assert.Equal("application/json", answer.MediaType);
    }

    [Fact]
    public async Task Answer_ToldByPost_IsTheSame()
    {
        var (_, tokens) = await server.RegisterAsync();

        var answer = await server.FormAsync("/oauth/introspect", ("token", tokens.AccessToken), ("token_type_hint", "access_token"), ("client_id", "gateway"), ("client_secret", ClientsFixture.Secret));

        Assert.True(answer.Is(200)["active"].GetBoolean());
    }

    [Fact]
    public async Task Answer_FollowsTheSession_FromTheCommitOn()
    {
        var (_, tokens) = await server.RegisterAsync();
        await IsActiveAsync(tokens.AccessToken);

        (await server.PostAsync("/auth/logout", new { refresh_token = tokens.RefreshToken })).Is(204);

        await IsInactiveAsync(tokens.AccessToken, "token_revoked", "logout");
    }

    [Fact]
    public async Task Answer_TellsStaleClaims_FromAnEnd()
    {
        var (_, tokens) = await server.RegisterAsync();
        var sub = tokens.AccessToken.Claims().GetProperty("sub").GetString();
        (await server.PatchAsync($"/admin/users/{sub}", new { roles = new[] { "editor" } }, await server.AdminAsync())).Is(200);

        await IsInactiveAsync(tokens.AccessToken, "claims_stale");
        var renewed = (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        Assert.Equal("""["editor"]""", (await IsActiveAsync(renewed.AccessToken))["roles"].GetRawText());

        (await server.PatchAsync($"/admin/users/{sub}", new { disabled = true }, await server.AdminAsync())).Is(200);
        await IsInactiveAsync(renewed.AccessToken, "token_revoked", "account_disabled");
    }

    [Fact]
    public async Task Answer_IsInactive_OnceTheTokenHasExpired()
    {
        await using var own = await TestServer.StartAsync(fixture.Settings);
        var (_, tokens) = await own.RegisterAsync();
        own.Time.Advance(TimeSpan.FromSeconds(tokens["expires_in"].GetInt32() + 1)); // verifiers allow 30 seconds more

        var answer = (await own.OAuthAsync("/oauth/introspect", "gateway", ("token", tokens.AccessToken))).Is(200);

        Assert.Equal("""{"active":false,"code":"token_expired"}""", answer.Text);
    }

    [Fact]
    public async Task Answer_SaysWhatEnded_EvenIfTheTokenHasExpiredSince()
    {
        await using var own = await TestServer.StartAsync(fixture.Settings);
        var (_, ended) = await own.RegisterAsync();
        var (_, revoked) = await own.RegisterAsync();
        (await own.PostAsync("/auth/logout", new { refresh_token = ended.RefreshToken })).Is(204);
        (await own.FormAsync("/oauth/revoke", ("token", revoked.AccessToken), ("client_id", "web"))).Is(200);
        own.Time.Advance(TimeSpan.FromHours(2));

        var answer = (await own.OAuthAsync("/oauth/introspect", "gateway", ("token", ended.AccessToken))).Is(200);

        Assert.Equal("""{"active":false,"code":"token_revoked","reason":"logout"}""", answer.Text);
        Assert.Equal("token_revoked", (await own.OAuthAsync("/oauth/introspect", "gateway", ("token", revoked.AccessToken))).Is(200).Code);
    }

    [Fact]
    public async Task Answer_ForAClientsOwnToken_FollowsItsClientAndTheEra()
    {
        var token = (await server.OwnTokenAsync("reader")).Is(200).AccessToken;
        var verifier = (await server.OwnTokenAsync("backend", "revocations")).Is(200).AccessToken;
        Assert.Equal("reader", (await IsActiveAsync(token)).String("sub"));
        Assert.Equal(TestServer.Issuer, (await IsActiveAsync(verifier)).String("aud"));

        foreach (var (code, settings) in new[] { ("token_revoked", ClientsFixture.Client(1, "other")), ("claims_stale", ClientsFixture.Client(1, "reader", "write")) })
        {
            await using var newer = await TestServer.StartAsync([.. ClientsFixture.Client(0, "gateway", "revocations"), .. settings], services => services.ShareStoreOf(server));
            Assert.Equal(code, (await newer.OAuthAsync("/oauth/introspect", "gateway", ("token", token))).Is(200).Code);
        }

        (await server.PostAsync("/admin/end-all", token: await server.AdminAsync())).Is(204);
        await IsInactiveAsync(token, "token_revoked", "all_ended");
    }

    [Theory]
    [InlineData("nonsense", "token_malformed")]
    [InlineData("a.b.c", "token_malformed")]
    [InlineData("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.e30.", "token_malformed")]
    public async Task Answer_IsInactive_WhenItIsNoToken(string token, string code) => await IsInactiveAsync(token, code);

    [Fact]
    public async Task Answer_IsInactive_ForRefreshTokensAndForgeries()
    {
        var (_, tokens) = await server.RegisterAsync();
        await IsInactiveAsync(tokens.RefreshToken, "token_malformed");
        await IsInactiveAsync(tokens.AccessToken[..^6] + "AAAAAA", "token_signature");
        await IsInactiveAsync(new string('a', 10_000), "token_malformed");
        await IsInactiveAsync(Changed(tokens.AccessToken, "aud", "elsewhere"), "token_audience");
        await IsInactiveAsync(Changed(tokens.AccessToken, "iss", "https://other.example"), "token_issuer");
        await IsInactiveAsync(Changed(tokens.AccessToken, "sub", "somebody-else"), "token_revoked");
    }

    [Fact]
    public async Task Answer_HasTheBinding_WhenTheTokenIsBoundToAKey()
    {
        var (_, tokens) = await server.RegisterAsync();
        var bound = Changed(tokens.AccessToken, "cnf", JsonNode.Parse("""{"jkt":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"}"""));

        Assert.Equal("""{"jkt":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"}""", (await IsActiveAsync(bound))["cnf"].GetRawText());
    }

    [Fact]
    public async Task Answer_IsNotMadeByAnApplicationsClaim()
    {
        var (_, tokens) = await server.RegisterAsync();
        var claiming = Changed(tokens.AccessToken, "active", JsonNode.Parse("false"));

        Assert.Single(await IsActiveAsync(claiming) is { } answer ? answer.Members : [], "active");
    }

    [Fact]
    public async Task Asking_IsRefused_ForWhoIsNoVerifier()
    {
        var token = (await server.RegisterAsync()).Tokens.AccessToken;

        (await server.OAuthAsync("/oauth/introspect", "reader", ("token", token))).IsOAuthError(400, "unauthorized_client", "unauthorized_client");
        (await server.FormAsync("/oauth/introspect", ("token", token), ("client_id", "web"))).IsOAuthError(400, "unauthorized_client", "unauthorized_client");
        foreach (var refused in new[]
        {
            await server.FormAsync("/oauth/introspect", ("token", token)),
            await server.FormAsync("/oauth/introspect", ("token", token), ("client_id", "gateway")),
            await server.FormAsync("/oauth/introspect", ("token", token), ("client_id", "gateway"), ("client_secret", "wrong")),
            await server.PostAsync("/oauth/introspect", new FormUrlEncodedContent([KeyValuePair.Create("token", token)]), token),
        })
        {
            refused.IsOAuthError(401, "invalid_client", "unknown_client");
            Assert.Equal("Basic realm=\"symbolon\"", refused.Header("WWW-Authenticate"));
        }

        (await server.OAuthAsync("/oauth/introspect", "gateway")).IsOAuthError(400, "invalid_request", "request_malformed");
        (await server.OAuthAsync("/oauth/introspect", "gateway", ("token", token), ("token", token))).IsOAuthError(400, "invalid_request", "request_malformed");
        (await server.OAuthAsync("/oauth/introspect", "gateway", ("token", new string('a', 70_000)))).IsOAuthError(400, "invalid_request", "request_malformed");
    }

    [Fact]
    public async Task Asking_TouchesNoStore_WhenTheTokenIsNotAuthentic()
    {
        PortCalls? calls = null;
        await using var own = await TestServer.StartAsync(fixture.Settings, services => calls = PortCalls.Watch(services));
        var (_, tokens) = await own.RegisterAsync();
        var before = calls!.Count;

        foreach (var token in new[] { "nonsense", tokens.RefreshToken, tokens.AccessToken[..^6] + "AAAAAA", new string('a', 9000) })
            (await own.OAuthAsync("/oauth/introspect", "gateway", ("token", token))).Is(200);

        Assert.Equal(before, calls.Count);
        Assert.True((await own.OAuthAsync("/oauth/introspect", "gateway", ("token", tokens.AccessToken)))["active"].GetBoolean());
        Assert.True(calls.Count > before);
    }

    [Fact]
    public async Task Asking_Is503_WhenTheStoreIsDown()
    {
        PortCalls? calls = null;
        await using var own = await TestServer.StartAsync(fixture.Settings, services => calls = PortCalls.Watch(services));
        var (session, client) = ((await own.RegisterAsync()).Tokens.AccessToken, (await own.OwnTokenAsync("reader")).AccessToken);

        calls!.AreDown = true;

        foreach (var token in new[] { session, client })
        {
            var answer = (await own.OAuthAsync("/oauth/introspect", "gateway", ("token", token))).IsOAuthError(503, "temporarily_unavailable", "unavailable");
            Assert.Equal("2", answer.Header("Retry-After"));
        }
    }

    private string Changed(string token, string claim, JsonNode? value)
    {
        var claims = JsonNode.Parse(token.Claims().GetRawText())!.AsObject();
        claims[claim] = value;
        return Jws.Sign(server.SigningKey, Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    private async Task<Answer> IsActiveAsync(string token)
    {
        var answer = (await server.OAuthAsync("/oauth/introspect", "gateway", ("token", token))).Is(200);
        Assert.True(answer["active"].GetBoolean(), answer.Text);
        return answer;
    }

    private async Task IsInactiveAsync(string token, string code, string? reason = null)
    {
        var answer = (await server.OAuthAsync("/oauth/introspect", "gateway", ("token", token))).Is(200);
        Assert.Equal(reason is null ? $$"""{"active":false,"code":"{{code}}"}""" : $$"""{"active":false,"code":"{{code}}","reason":"{{reason}}"}""", answer.Text);
        Assert.Equal(("no-store", "no-cache"), (answer.Header("Cache-Control"), answer.Header("Pragma")));
    }
}
