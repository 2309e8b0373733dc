using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.Support;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.Tests.OAuth;

/// <summary>Revoking one access token (RFC 7009).</summary>
public sealed class RevokeTokenTests(ClientsFixture fixture) : IClassFixture<ClientsFixture>
{
    private readonly TestServer server = fixture.Server;

    [Theory]
    [InlineData(null)]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("something_else")]
    public async Task Token_IsRefusedFromTheCommitOn_AndItsSessionGoesOn(string? hint)
    {
        var (_, tokens) = await server.RegisterAsync();

        await RevokeAsync(tokens.AccessToken, hint);

        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "token_revoked");
        Assert.Equal("token_revoked", (await server.OAuthAsync("/oauth/introspect", "gateway", ("token", tokens.AccessToken))).Code);
        var next = (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        (await server.GetAsync("/auth/me", next.AccessToken)).Is(200);
        await server.SeenAsync();
        (await server.GetAsync("/test/api", tokens.AccessToken)).IsProblem(401, "token_revoked");
    }

    [Fact]
    public async Task Revoking_WritesOneEntryAndOneEvent_HoweverOftenItIsAsked()
    {
        var (_, tokens) = await server.RegisterAsync();
        var jti = tokens.AccessToken.Claims().GetProperty("jti").GetString()!;

        await RevokeAsync(tokens.AccessToken);
        await RevokeAsync(tokens.AccessToken);
        await server.SeenAsync();
        await RevokeAsync(tokens.AccessToken);

        var entry = Assert.Single(await EntriesAsync(), entry => entry.Kind == RevocationKind.Token && entry.Key == jti);
        Assert.Equal(RevocationEntry.Life, entry.Until - entry.At);
        var events = (await server.GetAsync($"/admin/events?sid={tokens.SessionId}", await server.AdminAsync())).Is(200)["items"].EnumerateArray().ToList();
        var what = Assert.Single(events, logged => logged.GetProperty("kind").GetString() == "token_revoked");
        Assert.Equal((jti, tokens.AccessToken.Claims().GetProperty("sub").GetString()), (what.GetProperty("reason").GetString(), what.GetProperty("by").GetString()));
    }

    [Fact]
    public async Task Revoking_EndsTheSession_WhenItsTokensAreRevokedWithoutEnd()
    {
        var (_, tokens) = await server.RegisterAsync();
        var before = (await EntriesAsync()).Count;
        for (var i = 0; i < RevokeToken.MostOfOneSession; i++)
        {
            await RevokeAsync(tokens.AccessToken);
            tokens = (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        }

        await RevokeAsync(tokens.AccessToken);

        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "token_revoked", "logout");
        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "logout");
        var entries = (await EntriesAsync()).Skip(before).ToList();
        Assert.Equal(RevokeToken.MostOfOneSession + 1, entries.Count);
        Assert.Equal((RevocationKind.Session, tokens.SessionId), (entries[^1].Kind, entries[^1].Key));
    }

    [Fact]
    public async Task Token_IsRefusedFromTheCommitOn_WhenTheViewIsBehind()
    {
        await using var own = await TestServer.StartAsync(fixture.Settings);
        var (session, client) = ((await own.RegisterAsync()).Tokens.AccessToken, (await own.OwnTokenAsync("reader")).AccessToken);
        await own.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<RevocationFollower>().Single().StopAsync(default);

        for (var i = 0; i < 2; i++)
        {
            (await own.FormAsync("/oauth/revoke", ("client_id", "web"), ("token", session))).Is(200);
            (await own.OAuthAsync("/oauth/revoke", "reader", ("token", client))).Is(200);
        }

        Assert.Equal(2, (await own.Get<IRevocationLog>().ReadAsync(null, 10, default))!.Newest);
        (await own.GetAsync("/auth/me", session)).IsProblem(401, "token_revoked");
        Assert.Equal("token_revoked", (await own.OAuthAsync("/oauth/introspect", "gateway", ("token", session))).Code);
        Assert.Equal("token_revoked", (await own.OAuthAsync("/oauth/introspect", "gateway", ("token", client))).Code);
    }

    [Fact]
    public async Task Revoking_GivesAReceipt_ToWhoHasRevoked()
    {
        var (_, tokens) = await server.RegisterAsync();
        (string, string)[] form = [("client_id", "web"), ("token", tokens.AccessToken)];

        (await server.FormAsync("/oauth/revoke?wait=soon", form)).IsOAuthError(400, "invalid_request", "request_malformed");
        (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200);
        Assert.True((await server.FormAsync("/oauth/revoke?wait=0ms", form)).Is(200)["receipt"].GetProperty("seq").GetInt64() > 0);
        Assert.Equal("", (await server.FormAsync("/oauth/revoke?wait=0ms", form)).Is(200).Text); // whoever ends nothing learns nothing
    }

    [Fact]
    public async Task Revoking_ChangesNothing_ForAnotherClientsToken()
    {
        var (_, tokens) = await server.RegisterAsync();
        var before = (await EntriesAsync()).Count;

        (await server.OAuthAsync("/oauth/revoke", "gateway", ("token", tokens.AccessToken))).Is(200); // a verifier is not its client
        (await server.FormAsync("/oauth/revoke", ("client_id", "web"), ("token", (await server.OwnTokenAsync("reader")).AccessToken))).Is(200);

        Assert.Equal(before, (await EntriesAsync()).Count);
        (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200);
    }

    [Fact]
    public async Task Revoking_ChangesNothing_ForWhatIsNotAuthenticOrIsOver()
    {
        await using var own = await TestServer.StartAsync(fixture.Settings);
        var (_, ended) = await own.RegisterAsync();
        var (_, old) = await own.RegisterAsync();
        (await own.PostAsync("/auth/logout", new { refresh_token = ended.RefreshToken })).Is(204);
        await own.SeenAsync();
        own.Time.Advance(TimeSpan.FromMinutes(11));
        var before = (await own.Get<IRevocationLog>().ReadAsync(null, 100, default))!.Newest;

        foreach (var token in new[] { "a.b.c", "..", old.AccessToken, ended.AccessToken, old.AccessToken[..^6] + "AAAAAA", new string('.', 9000) })
        {
            var answer = (await own.FormAsync("/oauth/revoke", ("client_id", "web"), ("token", token))).Is(200);
            Assert.Equal("", answer.Text);
        }

        Assert.Equal(before, (await own.Get<IRevocationLog>().ReadAsync(null, 100, default))!.Newest);
    }

    [Fact]
    public async Task ClientsOwnToken_IsRevokedByItsClient()
    {
        var token = (await server.OwnTokenAsync("backend", "revocations")).Is(200).AccessToken;
        (await server.GetAsync("/test/verifier", token)).Is(200);

        (await server.OAuthAsync("/oauth/revoke", "backend", ("token", token))).Is(200);

        await server.SeenAsync();
        (await server.GetAsync("/test/verifier", token)).IsProblem(401, "token_revoked");
    }

    [Fact]
    public async Task Revoking_NeedsTheClient()
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.FormAsync("/oauth/revoke", ("token", tokens.AccessToken))).IsOAuthError(400, "invalid_client", "unknown_client");
        (await server.FormAsync("/oauth/revoke", ("client_id", "backend"), ("token", tokens.AccessToken))).IsOAuthError(400, "invalid_client", "unknown_client");

        (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200);
    }

    private async Task RevokeAsync(string token, string? hint = null)
    {
        var answer = await server.FormAsync("/oauth/revoke", [("client_id", "web"), ("token", token), .. hint is null ? [] : new[] { ("token_type_hint", hint) }]);
        Assert.Equal("", answer.Is(200).Text);
    }

    private async Task<List<RevocationEntry>> EntriesAsync() =>
        [.. (await server.Get<IRevocationLog>().ReadAsync(null, 10_000, default))!.Entries.Select(logged => logged.Entry!)];
}
