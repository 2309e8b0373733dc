namespace Symbolon.Mock.Tests.Profiles;

public class NodeMongoRefreshTokensTests
{
    private const string Name = "node-mongo-jwt-refresh-tokens-api";
    private const string Id = "000000000000000000000001";
    private const string User = $$"""{"id":"{{Id}}","firstName":"Test","lastName":"User","username":"test","role":"Admin"}""";
    private const string LogIn = $$"""POST /users/authenticate {"username":"test","password":"test"} → 200 {"id":"{{Id}}","firstName":"Test","lastName":"User","username":"test","role":"Admin","jwtToken":"$t"}""";
    private const string Refresh = $$"""POST /users/refresh-token → 200 {"id":"{{Id}}","firstName":"Test","lastName":"User","username":"test","role":"Admin","jwtToken":"$t"}""";

    /// <summary>The calls of the client that the original is written for, in its order: refresh at the start, log in, read, refresh a minute before the end, log out.</summary>
    [Fact]
    public async Task Routes_AnswerAsTheOriginal() => await Script.RunAsync(Name, false, $$"""
        POST /users/refresh-token → 400 {"message":"Invalid token"}
        POST /users/authenticate {"username":"test","password":"wrong"} → 400 {"message":"Username or password is incorrect"}
        POST /users/authenticate {"username":"test"} → 400 {"message":"Validation error: \"password\" is required"}
        POST /users/authenticate {"username":""} → 400 {"message":"Validation error: \"username\" is not allowed to be empty, \"password\" is required"}
        POST /users/revoke-token → 401 {"message":"Unauthorized"}
        GET /users → 401 {"message":"Unauthorized"}
        {{LogIn}}
        GET /users Authorization: Bearer $t → 200 [{{User}}]
        GET /users/{{Id}} Authorization: Bearer $t → 200 {{User}}
        GET /users/nobody Authorization: Bearer $t → 404 {"message":"User not found"}
        {{Refresh}}
        {{Refresh}}
        GET /users/{{Id}}/refresh-tokens Authorization: Bearer $t → 200 [{"expires":"$e","created":"$c","createdByIp":"127.0.0.1","isExpired":false,"isActive":true}]
        POST /users/revoke-token {} Authorization: Bearer $t → 200 {"message":"Token revoked"}
        GET /users Authorization: Bearer $t → 401 {"message":"Unauthorized"}
        POST /users/refresh-token → 400 {"message":"Invalid token"}
        {{LogIn}}
        GET /users/{{Id}}/refresh-tokens Authorization: Bearer $t → 200 [{"expires":"$e","created":"$c","createdByIp":"127.0.0.1","isExpired":false,"isActive":false,"revoked":"$r"},{"expires":"$e","created":"$c","createdByIp":"127.0.0.1","isExpired":false,"isActive":true}]
        POST /users/revoke-token {"token":"nonsense"} Authorization: Bearer $t → 400 {"message":"Invalid token"}
        """);

    [Fact]
    public async Task Users_SeeThemselves_AndRevokeTheirOwn()
    {
        await using var script = await Script.StartAsync(Name, more: options =>
        {
            options.Accounts.Add(new MockAccount("test", "test", "admin") { DisplayName = "Test User" });
            options.Accounts.Add(new MockAccount("eve", "eve"));
        });
        await script.RunAsync(LogIn);
        var token = Cookie(script).Value;
        await script.RunAsync($$"""
            POST /users/authenticate {"username":"eve","password":"eve"} → 200 {"id":"000000000000000000000002","firstName":"eve","lastName":"","username":"eve","role":"User","jwtToken":"$eve"}
            GET /users Authorization: Bearer $eve → 401 {"message":"Unauthorized"}
            GET /users/{{Id}} Authorization: Bearer $eve → 401 {"message":"Unauthorized"}
            GET /users/{{Id}}/refresh-tokens Authorization: Bearer $eve → 401 {"message":"Unauthorized"}
            GET /users/000000000000000000000002 Authorization: Bearer $eve → 200 *
            GET /users/000000000000000000000002/refresh-tokens Authorization: Bearer $eve → 200 *
            POST /users/revoke-token {"token":"{{token}}"} Authorization: Bearer $eve → 401 {"message":"Unauthorized"}
            POST /users/revoke-token {"token":"nonsense"} Authorization: Bearer $eve → 401 {"message":"Unauthorized"}
            GET /users Authorization: Bearer $t → 200 *
            """);
        var hers = Cookie(script).Value;
        Cookie(script).Expired = true;
        await script.RunAsync($$"""
            POST /users/revoke-token {} Authorization: Bearer $eve → 400 {"message":"Token is required"}
            POST /users/revoke-token {"token":"{{hers}}"} Authorization: Bearer $t → 200 {"message":"Token revoked"}
            GET /users/000000000000000000000002 Authorization: Bearer $eve → 401 {"message":"Unauthorized"}
            """);
    }

    [Fact]
    public async Task Cookie_IsHttpOnly_AndLivesSevenDays()
    {
        await using var script = await Script.StartAsync(Name);
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        using var answer = await client.PostAsync("/users/authenticate", new FormUrlEncodedContent([new("username", "test"), new("password", "test")]));
        var parts = Assert.Single(answer.Headers.GetValues("Set-Cookie")).Split("; ");
        Assert.StartsWith("refreshToken=", parts[0], StringComparison.Ordinal);
        Assert.Equal(["max-age=604800", "path=/", "httponly"], parts[1..]);
    }

    [Fact]
    public async Task AccessToken_LivesFifteenMinutes_AndTheSessionSevenDaysAfterARefresh()
    {
        await using var script = await Script.StartAsync(Name);
        await script.RunAsync(LogIn);
        var (_, claims) = Jwt.Read(script["t"]);
        Assert.Equal(900, (long)claims["exp"]! - (long)claims["iat"]!);
        script.Mock.Clock.Advance(TimeSpan.FromMinutes(15));
        await script.RunAsync("""GET /users Authorization: Bearer $t → 401 {"message":"Unauthorized"}""");
        script.Mock.Clock.Advance(TimeSpan.FromDays(6));
        await script.RunAsync(Refresh);
        script.Mock.Clock.Advance(TimeSpan.FromDays(6));
        await script.RunAsync(Refresh);
        script.Mock.Clock.Advance(TimeSpan.FromDays(7));
        await script.RunAsync("""POST /users/refresh-token → 400 {"message":"Invalid token"}""");
    }

    /// <summary>A stolen token: the engine ends the session; the original only refuses the token.</summary>
    [Theory]
    [InlineData(false, 400)]
    [InlineData(true, 200)]
    public async Task Reuse_EndsTheSession_UnlessBugsAreKept(bool isBugCompatible, int afterwards)
    {
        await using var script = await Script.StartAsync(Name, isBugCompatible);
        await script.RunAsync(LogIn);
        var stolen = Cookie(script).Value;
        await script.RunAsync($"{Refresh}\n{Refresh}");
        script.Mock.Clock.Advance(TimeSpan.FromMinutes(11));
        using (var thief = new HttpClient { BaseAddress = script.Mock.Url })
        {
            thief.DefaultRequestHeaders.Add("Cookie", $"refreshToken={stolen}");
            Assert.Equal(400, (int)(await thief.PostAsync("/users/refresh-token", content: null)).StatusCode);
        }

        await script.RunAsync($"POST /users/refresh-token → {afterwards} *");
    }

    [Fact]
    public async Task Tokens_AreListedInClear_WhenBugsAreKept()
    {
        await using var script = await Script.StartAsync(Name, isBugCompatible: true);
        await script.RunAsync($$"""
            {{LogIn}}
            {{Refresh}}
            GET /users/{{Id}}/refresh-tokens Authorization: Bearer $t → 200 [{"token":"$first","expires":"$e","created":"$c","createdByIp":"127.0.0.1","isExpired":false,"isActive":false,"revoked":"$r","revokedByIp":"127.0.0.1","replacedByToken":"$next"},{"token":"$last","expires":"$e","created":"$c","createdByIp":"127.0.0.1","isExpired":false,"isActive":true}]
            """);
        Assert.Equal((script["next"], script["next"]), (script["last"], Uri.UnescapeDataString(Cookie(script).Value)));
    }

    private static System.Net.Cookie Cookie(Script script) => Assert.Single(script.Jar.GetCookies(script.Mock.Url), cookie => cookie.Name == "refreshToken");
}
