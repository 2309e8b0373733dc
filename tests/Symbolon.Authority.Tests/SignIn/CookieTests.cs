using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.SignIn;

public sealed class CookieTests(CookieTests.Fixture fixture) : IClassFixture<CookieTests.Fixture>
{
    private static readonly (string, string) Here = ("X-Symbolon", "1");
    private static readonly (string, string) Secure = ("X-Forwarded-Proto", "https");
    private readonly TestServer server = fixture.Server;

    [Theory]
    [InlineData(true, "max-age=1209600; ")]
    [InlineData(false, "")]
    public async Task Login_SetsTheCookie_OnALoopbackHost(bool remember, string maxAge)
    {
        var answer = await LoginAsync(remember, Here);

        Assert.Matches($"^symbolon-rt=srt_[A-Za-z0-9_-]{{83}}; {maxAge}path=/; samesite=strict; httponly$", answer.Is(200).SetCookie);
        Assert.DoesNotContain("refresh_token", answer.Members);
        Assert.Contains("refresh_expires_in", answer.Members);
    }

    [Theory]
    [InlineData(true, "max-age=1209600; ")]
    [InlineData(false, "")]
    public async Task Login_SetsTheHostCookie_OverHttps(bool remember, string maxAge)
    {
        var answer = await LoginAsync(remember, Here, Secure);

        Assert.Matches($"^__Host-symbolon-rt=srt_[A-Za-z0-9_-]{{83}}; {maxAge}path=/; secure; samesite=strict; httponly$", answer.Is(200).SetCookie);
    }

    [Fact]
    public async Task Register_KeepsTheRefreshTokenInTheCookie_WhenThatIsTheTransport()
    {
        var answer = (await server.PostAsync(
            "/auth/register", new { username = TestServer.NewName(), password = TestServer.Password, transport = "cookie" }, null, Here)).Is(201);

        Assert.StartsWith("symbolon-rt=srt_", answer.SetCookie, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh_token", answer.Members);
    }

    [Fact]
    public async Task Login_NeedsHttps_WhenTheHostIsNotLoopback()
    {
        var answer = await LoginAsync(true, Here, ("Host", "auth.example"));

        answer.IsProblem(400, "https_required");
        Assert.Null(answer.SetCookie);
    }

    [Fact]
    public async Task Refresh_SetsTheNextCookie_WhenTheCookieComes()
    {
        var first = (await LoginAsync(true, Here)).Is(200);

        var second = (await RefreshAsync(first.Cookie)).Is(200);

        Assert.Equal(first.Members, second.Members);
        Assert.StartsWith("symbolon-rt=srt_", second.SetCookie, StringComparison.Ordinal);
        Assert.NotEqual(first.Cookie, second.Cookie);
        (await RefreshAsync(second.Cookie)).Is(200);
    }

    [Fact]
    public async Task Refresh_ReadsTheHostCookieOnly_OverHttps()
    {
        var first = (await LoginAsync(true, Here, Secure)).Is(200);

        (await RefreshAsync(first.Cookie.Replace("__Host-", "", StringComparison.Ordinal), Secure)).IsProblem(401, "refresh_invalid");

        (await RefreshAsync(first.Cookie, Secure)).Is(200);
    }

    [Fact]
    public async Task Refresh_ClearsTheCookie_WhenTheSessionIsOver()
    {
        var first = (await LoginAsync(true, Here)).Is(200);
        (await server.DeleteAsync("/auth/sessions?scope=all", first.AccessToken)).Is(204);

        var answer = await RefreshAsync(first.Cookie);

        answer.IsProblem(401, "session_ended", "all_ended");
        Assert.Equal("symbolon-rt=; max-age=0; path=/; samesite=strict; httponly", answer.SetCookie);
    }

    [Fact]
    public async Task Refresh_ClearsTheCookie_WhenItIsForged()
    {
        var answer = await RefreshAsync("symbolon-rt=srt_forged");

        answer.IsProblem(401, "refresh_invalid");
        Assert.Contains("max-age=0", answer.SetCookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_KeepsTheCookie_WhenItMustAskAgain()
    {
        var first = (await LoginAsync(true, Here)).Is(200);
        var second = (await RefreshAsync(first.Cookie)).Is(200);
        (await RefreshAsync(second.Cookie)).Is(200);

        var answer = await RefreshAsync(first.Cookie);

        answer.IsProblem(409, "ask_again");
        Assert.Null(answer.SetCookie);
    }

    [Fact]
    public async Task Refresh_KeepsTheCookie_WhenTheServiceCannotSay()
    {
        var first = (await LoginAsync(true, Here)).Is(200);
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(first.Cookie.AsSpan("symbolon-rt=srt_".Length));
        bytes[1] = 77; // the id of a key that this server does not have

        var answer = await RefreshAsync("symbolon-rt=srt_" + System.Buffers.Text.Base64Url.EncodeToString(bytes));

        answer.IsProblem(503, "unavailable");
        Assert.Null(answer.SetCookie);
    }

    [Fact]
    public async Task Login_EndsTheOldSession_WhenItsCookieComesAlong()
    {
        var first = (await LoginAsync(true, Here)).Is(200);

        (await LoginAsync(true, Here, ("Cookie", first.Cookie))).Is(200);

        (await RefreshAsync(first.Cookie)).IsProblem(401, "session_ended", "replaced");
    }

    [Fact]
    public async Task Login_WithTheBodyTransportIsRefused_WhenACookieComesAlongFromElsewhere()
    {
        var first = (await LoginAsync(true, Here)).Is(200);
        var name = (await server.RegisterAsync()).Name;

        var answer = await server.LoginAsync(name, TestServer.Password, ("Cookie", first.Cookie), ("Origin", "https://evil.example"));

        answer.IsProblem(403, "cross_site_request");
        (await RefreshAsync(first.Cookie)).Is(200);
    }

    [Fact]
    public async Task Login_WithTheBodyTransportIsExempt_WithoutACookie()
    {
        var name = (await server.RegisterAsync()).Name;

        (await server.LoginAsync(name, TestServer.Password, ("Origin", "https://evil.example"))).Is(200);
    }

    private async Task<Answer> LoginAsync(bool remember, params (string, string)[] headers)
    {
        var name = (await server.RegisterAsync()).Name;
        return await server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, transport = "cookie", remember }, null, headers);
    }

    private Task<Answer> RefreshAsync(string cookie, params (string, string)[] headers) =>
        server.PostAsync("/auth/refresh", null, null, [Here, ("Cookie", cookie), .. headers]);

    public sealed class Fixture : ServerFixture
    {
        internal override IEnumerable<(string Key, string Value)> Settings => [("Symbolon:Proxies:0", "127.0.0.1")];
    }
}
