using System.Text.Json.Nodes;
using Symbolon.AspNetCore;
using Symbolon.Gateway.Support;

namespace Symbolon.Gateway;

/// <summary>The gateway's own answers, asked as proxies ask.</summary>
public sealed class VerifyTests : IDisposable
{
    private const string Rules = """
        rules:
          - path: /public
            public: true
          - path: /admin
            roles: [admin, root]
          - path: /both
            scopes: [a, b]
          - path: /offline
            mode: offline
        """;

    private readonly TestIssuer issuer = new();

    public void Dispose() => issuer.Dispose();

    [Fact]
    public async Task Answer_HasAllFourHeaders_Always()
    {
        await using var gateway = await StartAsync(Rules);
        var known = await AskAsync(gateway, "GET", "/x", Bearer(issuer.Token(["admin"], "a")));
        Assert.Equal((200, "alice", "s-1", "admin", "a"), Identity(known));
        Assert.Equal((200, "", "", "", ""), Identity(await AskAsync(gateway, "GET", "/public", Bearer(issuer.Token(["admin"], "a")))));
        Assert.Equal((200, "", "", "", ""), Identity(await AskAsync(gateway, "GET", "/public", "Authorization: Bearer nonsense")));
        Assert.Equal((401, "", "", "", ""), Identity(await AskAsync(gateway, "GET", "/x")));
        Assert.Equal((403, "", "", "", ""), Identity(await AskAsync(gateway, "GET", "/admin", Bearer(issuer.Token(["user"])))));
        Assert.Empty(known.Headers["Set-Cookie"]);
        Assert.Equal("no-store", known.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("GET", "/admin", "root", null, 200, null)]
    [InlineData("GET", "/admin", "user", null, 403, "role_missing")]
    [InlineData("GET", "/admin", "Admin", null, 403, "role_missing")]
    [InlineData("GET", "/both", null, "b a c", 200, null)]
    [InlineData("GET", "/both", null, "a", 403, "scope_missing")]
    [InlineData("GET", "/both", null, "ab", 403, "scope_missing")]
    [InlineData("GET", "/both/../public", null, null, 403, "request_ambiguous")]
    public async Task Answer_FollowsTheRule(string method, string target, string? role, string? scope, int status, string? code)
    {
        await using var gateway = await StartAsync(Rules);
        var answer = await AskAsync(gateway, method, target, Bearer(issuer.Token(role is null ? null : [role], scope)));
        Assert.Equal((status, code, code), (answer.Status, answer.Code, answer.Header("X-Auth-Problem")));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("HEAD")]
    public async Task Question_MayBeAskedByAnyMethod_AtAnyPathBelow(string method)
    {
        await using var gateway = await StartAsync(null);
        foreach (var path in new[] { "/verify", "/verify/a/b" })
        {
            var answer = await RawHttp.SendAsync(gateway.Port, method, path, "X-Forwarded-Method: GET", "X-Forwarded-Uri: /x", Bearer(issuer.Token()));
            Assert.Equal(200, answer.Status);
        }
    }

    [Fact]
    public async Task Envoy_IsAnsweredAboutItsOwnPath_ClaimsAside()
    {
        await using var gateway = await StartAsync(Rules, feed: null, ("Original", "request"));
        string[] claims = ["X-Forwarded-Method: GET", "X-Forwarded-Uri: /public"];
        Assert.Equal(401, (await RawHttp.SendAsync(gateway.Port, "GET", "/verify/admin?x=/verify/public", claims)).Status);
        Assert.Equal(200, (await RawHttp.SendAsync(gateway.Port, "POST", "/verify/public/a?x", claims)).Status);
        // What the framework would have resolved to /health/live or /verify/public before anyone looked.
        Assert.Equal(403, (await RawHttp.SendAsync(gateway.Port, "GET", "/verify/../health/live", claims)).Status);
        Assert.Equal(403, (await RawHttp.SendAsync(gateway.Port, "GET", "/verify/admin/../public", claims)).Status);
        Assert.Equal(403, (await RawHttp.SendAsync(gateway.Port, "GET", "/verify", claims)).Status);
        Assert.Equal(404, (await RawHttp.SendAsync(gateway.Port, "GET", "/admin/../verify/public", claims)).Status);
        Assert.Equal(404, (await RawHttp.SendAsync(gateway.Port, "GET", "http://x/verify/public", [.. claims, "Host: x"])).Status);
    }

    [Fact]
    public async Task EveryPath_NeedsAToken_WithoutRules()
    {
        await using var gateway = await StartAsync(null);
        Assert.Equal("token_missing", (await AskAsync(gateway, "GET", "/public")).Code);
        Assert.Equal(200, (await AskAsync(gateway, "GET", "/public", Bearer(issuer.Token()))).Status);
        Assert.Equal("request_ambiguous", (await RawHttp.SendAsync(gateway.Port, "GET", "/verify")).Code);
    }

    [Fact]
    public async Task OtherIssuersToken_Passes_WhereLoosened()
    {
        var token = issuer.Token(age: TimeSpan.FromMinutes(1), type: "JWT", change: claims =>
        {
            claims.Remove("jti");
            claims.Remove("client_id");
            claims.Remove("sid");
            claims["exp"] = claims["iat"]!.GetValue<long>() + 86_400;
            claims["realm_access"] = new JsonObject { ["roles"] = new JsonArray("admin") };
        });
        await using var strict = await StartAsync(Rules);
        Assert.Equal("token_type", (await AskAsync(strict, "GET", "/admin", Bearer(token))).Code);
        await using var loose = await StartAsync(Rules, null, ("Types:0", "JWT"), ("MaxTokenAge", "1.00:00:00"), ("RequiredClaims:0", "sub"), ("RolesClaim", "realm_access.roles"), ("Algorithms:0", "ES256"));
        Assert.Equal((200, "alice", "", "admin", ""), Identity(await AskAsync(loose, "GET", "/admin", Bearer(token))));
        Assert.Equal("token_type", (await AskAsync(loose, "GET", "/admin", Bearer(issuer.Token(["admin"])))).Code); // what is listed replaces the default
    }

    [Fact]
    public async Task StaleView_Is503_ButForOfflinePaths()
    {
        var feed = new GivenFeed { AgeNow = TimeSpan.FromSeconds(6) };
        await using var gateway = await StartAsync(Rules, feed);
        var answer = await AskAsync(gateway, "GET", "/x", Bearer(issuer.Token()));
        Assert.Equal((503, "view_stale"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Header("Retry-After"));
        Assert.Equal(200, (await AskAsync(gateway, "GET", "/offline", Bearer(issuer.Token()))).Status);
        var health = await RawHttp.SendAsync(gateway.Port, "GET", "/health/ready");
        Assert.Contains("\"view\":\"stale\"", health.Body, StringComparison.Ordinal);
        feed.AgeNow = TimeSpan.FromSeconds(1);
        Assert.Equal(200, (await AskAsync(gateway, "GET", "/x", Bearer(issuer.Token()))).Status);
    }

    [Fact]
    public async Task Health_SaysWhatIsThere()
    {
        await using var gateway = await StartAsync(Rules);
        Assert.Equal((200, """{"status":"live"}"""), Said(await RawHttp.SendAsync(gateway.Port, "GET", "/health/live")));
        Assert.Equal((200, """{"status":"ready","keys":1,"rules":4,"view":"current","says":"keys are known, what is revoked is current."}"""), Said(await RawHttp.SendAsync(gateway.Port, "GET", "/health/ready")));
        await using var keyless = await GatewayHost.StartAsync(null, new TokenCheckSources(new GivenKeys("""{"keys":[]}"""), null, null));
        var unavailable = await RawHttp.SendAsync(keyless.Port, "GET", "/health/ready");
        Assert.Equal(503, unavailable.Status);
        Assert.Contains("\"status\":\"unavailable\",\"keys\":0", unavailable.Body, StringComparison.Ordinal);
    }

    private Task<GatewayHost> StartAsync(string? rules, GivenFeed? feed = null, params (string, string)[] settings) => GatewayHost.StartAsync(
        rules, new TokenCheckSources(new GivenKeys(issuer.Jwks()), feed ?? new GivenFeed(), Live: null),
        [("Feed:Url", "http://127.0.0.1:1/revocations"), ("Feed:ClientId", "gateway"), ("Feed:ClientSecret", "unused"), .. settings]);

    private static Task<RawAnswer> AskAsync(GatewayHost gateway, string method, string target, params string[] headers) =>
        RawHttp.SendAsync(gateway.Port, "GET", "/verify", [$"X-Forwarded-Method: {method}", $"X-Forwarded-Uri: {target}", .. headers]);

    private static string Bearer(string token) => $"Authorization: Bearer {token}";

    private static (int, string) Said(RawAnswer answer) => (answer.Status, answer.Body);

    private static (int, string?, string?, string?, string?) Identity(RawAnswer answer) =>
        (answer.Status, answer.Header("X-Auth-Subject"), answer.Header("X-Auth-Session"), answer.Header("X-Auth-Roles"), answer.Header("X-Auth-Scopes"));
}
