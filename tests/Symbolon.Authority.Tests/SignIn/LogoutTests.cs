using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.SignIn;

public sealed class LogoutTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly (string, string) Here = ("X-Symbolon", "1");
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Logout_EndsTheSession_OfTheRefreshTokenInTheBody()
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.PostAsync("/auth/logout", new { refresh_token = tokens.RefreshToken })).Is(204);

        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "logout");
        (await server.GetAsync("/auth/session", tokens.AccessToken)).IsProblem(401, "token_revoked", "logout");
    }

    [Fact]
    public async Task Logout_EndsTheSession_OfAnOldTokenOfItToo()
    {
        var (_, first) = await server.RegisterAsync();
        var second = (await server.RefreshAsync(first.RefreshToken)).Is(200);
        (await server.RefreshAsync(second.RefreshToken)).Is(200);

        (await server.PostAsync("/auth/logout", new { refresh_token = first.RefreshToken })).Is(204);

        (await server.RefreshAsync(second.RefreshToken)).IsProblem(401, "session_ended", "logout");
    }

    [Fact]
    public async Task Logout_EndsTheSessionAndClearsTheCookie_OfTheCookie()
    {
        var tokens = await CookieAsync();

        var answer = (await server.PostAsync("/auth/logout", null, null, ("Cookie", tokens.Cookie), Here)).Is(204);

        Assert.Equal("symbolon-rt=; max-age=0; path=/; samesite=strict; httponly", answer.SetCookie);
        (await server.GetAsync("/auth/session", tokens.AccessToken)).IsProblem(401, "token_revoked", "logout");
    }

    [Fact]
    public async Task Logout_EndsTheSession_OfTheAccessToken()
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.PostAsync("/auth/logout", null, tokens.AccessToken)).Is(204);

        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "logout");
    }

    [Fact]
    public async Task Logout_EndsOneSession_WhenAllThreeNameIt()
    {
        var tokens = await CookieAsync();

        (await server.PostAsync("/auth/logout", null, tokens.AccessToken, ("Cookie", tokens.Cookie), Here)).Is(204);
        (await server.PostAsync("/auth/logout", null, tokens.AccessToken, ("Cookie", tokens.Cookie), Here)).Is(204);
    }

    [Fact]
    public async Task Logout_IsRefusedAndNothingEnds_WhenTwoSessionsAreNamed()
    {
        var ((_, one), two) = (await server.RegisterAsync(), await CookieAsync());

        (await server.PostAsync("/auth/logout", new { refresh_token = one.RefreshToken }, two.AccessToken)).IsProblem(400, "request_malformed");
        (await server.PostAsync("/auth/logout", new { refresh_token = one.RefreshToken }, null, ("Cookie", two.Cookie), Here)).IsProblem(400, "request_malformed");
        (await server.PostAsync("/auth/logout", null, one.AccessToken, ("Cookie", two.Cookie), Here)).IsProblem(400, "request_malformed");

        (await server.GetAsync("/auth/me", one.AccessToken)).Is(200);
        (await server.GetAsync("/auth/me", two.AccessToken)).Is(200);
    }

    [Fact]
    public async Task Logout_Is204_WhenNothingIsSent() => (await server.PostAsync("/auth/logout")).Is(204);

    [Theory]
    [InlineData("srt_nonsense")]
    [InlineData("")]
    public async Task Logout_Is204_WhenTheTokenIsNotKnown(string token) =>
        (await server.PostAsync("/auth/logout", new { refresh_token = token })).Is(204);

    [Fact]
    public async Task Logout_Is204_WhenTheSessionHasEndedAlready()
    {
        var (_, tokens) = await server.RegisterAsync();
        (await server.PostAsync("/auth/logout", new { refresh_token = tokens.RefreshToken })).Is(204);

        (await server.PostAsync("/auth/logout", new { refresh_token = tokens.RefreshToken })).Is(204);
        (await server.PostAsync("/auth/logout", null, tokens.AccessToken)).Is(204);
    }

    [Fact]
    public async Task Logout_Is204_WhenTheAccessTokenIsForged() => (await server.PostAsync("/auth/logout", null, "a.b.c")).Is(204);

    [Fact]
    public async Task Logout_KeepsTheCookie_WhenABodyTokenComesFromAnotherSite()
    {
        var ((_, one), two) = (await server.RegisterAsync(), await CookieAsync());

        var answer = await server.PostAsync(
            "/auth/logout", new { refresh_token = one.RefreshToken }, null, ("Cookie", two.Cookie), ("Origin", "https://evil.example"));

        Assert.Null(answer.Is(204).SetCookie);
        (await server.GetAsync("/auth/me", one.AccessToken)).IsProblem(401, "token_revoked", "logout");
        (await server.GetAsync("/auth/me", two.AccessToken)).Is(200);
    }

    [Fact]
    public async Task Logout_LeavesTheSessionAlone_WhenTheProofIsWrong()
    {
        var (_, tokens) = await server.RegisterAsync();
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(tokens.RefreshToken.AsSpan(4));
        bytes[^1] ^= 1;

        (await server.PostAsync("/auth/logout", new { refresh_token = "srt_" + System.Buffers.Text.Base64Url.EncodeToString(bytes) })).Is(204);

        (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
    }

    private async Task<Answer> CookieAsync() => (await server.PostAsync(
        "/auth/register", new { username = TestServer.NewName(), password = TestServer.Password, transport = "cookie" }, null, Here)).Is(201);
}
