using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.SignIn;

/// <summary>DESIGN §7: Origin decides if it is there, else Sec-Fetch-Site, else the header X-Symbolon must stand.</summary>
public sealed class CrossSiteRuleTests(CrossSiteRuleTests.Fixture fixture) : IClassFixture<CrossSiteRuleTests.Fixture>
{
    private readonly TestServer server = fixture.Server;

    public static TheoryData<string, bool> Cases => new()
    {
        { "Origin: {own}", true },
        { "Origin: https://app.example", true },
        { "Origin: https://app.example|Sec-Fetch-Site: cross-site", true },
        { "Origin: https://evil.example", false },
        { "Origin: https://evil.example|X-Symbolon: 1", false },
        { "Origin: https://evil.example|Sec-Fetch-Site: same-origin", false },
        { "Origin: https://app.example.evil.example", false },
        { "Origin: http://app.example", false },
        { "Origin: https://APP.example", false },
        { "Origin: https://app.example:443", false },
        { "Origin: https://app.example/", false },
        { "Origin: null", false },
        { "Origin: ", false },
        { "Origin: {own}|Origin: https://evil.example", false },
        { "Origin: {own}|Origin: {own}", false },
        { "Origin: {own} https://evil.example", false },
        { "Sec-Fetch-Site: same-origin", true },
        { "Sec-Fetch-Site: same-site", false },
        { "Sec-Fetch-Site: cross-site", false },
        { "Sec-Fetch-Site: cross-site|X-Symbolon: 1", false },
        { "Sec-Fetch-Site: none", false },
        { "Sec-Fetch-Site: same-origin|Sec-Fetch-Site: same-origin", false },
        { "X-Symbolon: 1", true },
        { "X-Symbolon: ", true },
        { "", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Refresh_JudgesTheCookie_ByTheRule(string headers, bool allowed)
    {
        var cookie = (await CookieAsync()).Cookie;

        var answer = await server.PostAsync("/auth/refresh", null, null, [("Cookie", cookie), .. Read(headers)]);

        Check(answer, allowed, 200);
        (await server.PostAsync("/auth/refresh", null, null, ("Cookie", cookie), ("X-Symbolon", "1"))).Is(200);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Login_MaySetACookie_ByTheRule(string headers, bool allowed)
    {
        var name = (await server.RegisterAsync()).Name;

        var answer = await server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, transport = "cookie" }, null, Read(headers));

        Check(answer, allowed, 200);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Register_MaySetACookie_ByTheRule(string headers, bool allowed)
    {
        var name = TestServer.NewName();

        var answer = await server.PostAsync("/auth/register", new { username = name, password = TestServer.Password, transport = "cookie" }, null, Read(headers));

        Check(answer, allowed, 201);
        (await server.LoginAsync(name)).Is(allowed ? 200 : 401);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Logout_EndsTheCookiesSession_ByTheRule(string headers, bool allowed)
    {
        var tokens = await CookieAsync();

        var answer = await server.PostAsync("/auth/logout", null, null, [("Cookie", tokens.Cookie), .. Read(headers)]);

        if (allowed) Assert.Contains("max-age=0", answer.Is(204).SetCookie, StringComparison.Ordinal);
        else Check(answer, allowed, 204);
        (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(allowed ? 401 : 200);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ChangePassword_MaySetACookie_ByTheRule(string headers, bool allowed)
    {
        var tokens = await CookieAsync();

        var answer = await server.PostAsync(
            "/auth/password", new { current_password = TestServer.Password, new_password = "another good one" }, tokens.AccessToken, Read(headers));

        Check(answer, allowed, 200);
        (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(allowed ? 401 : 200);
    }

    private static void Check(Answer answer, bool allowed, int status)
    {
        if (allowed)
        {
            Assert.StartsWith("symbolon-rt=srt_", answer.Is(status).SetCookie, StringComparison.Ordinal);
            return;
        }

        answer.IsProblem(403, "cross_site_request");
        Assert.Null(answer.SetCookie);
    }

    private (string, string)[] Read(string headers) =>
        [.. from line in headers.Replace("{own}", server.Address, StringComparison.Ordinal).Split('|', StringSplitOptions.RemoveEmptyEntries)
            let colon = line.IndexOf(": ", StringComparison.Ordinal)
            select (line[..colon], line[(colon + 2)..])];

    private async Task<Answer> CookieAsync() => (await server.PostAsync(
        "/auth/register", new { username = TestServer.NewName(), password = TestServer.Password, transport = "cookie" }, null, ("X-Symbolon", "1"))).Is(201);

    public sealed class Fixture : ServerFixture
    {
        internal override IEnumerable<(string Key, string Value)> Settings => [("Symbolon:Cors:Origins:0", "https://app.example")];
    }
}
