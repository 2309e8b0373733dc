using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Documents;

public sealed class ForwardedTests
{
    private static readonly (string, string)[] Forwarded =
        [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "auth.example"), ("X-Symbolon", "1")];

    [Theory]
    [InlineData(null, "127.0.0.1", "symbolon-rt=")]
    [InlineData("10.0.0.0/8", "127.0.0.1", "symbolon-rt=")]
    [InlineData("127.0.0.0/8", "203.0.113.9", "__Host-symbolon-rt=")]
    public async Task ForwardedHeaders_AreBelieved_FromAConfiguredProxyOnly(string? proxies, string address, string cookie)
    {
        await using var server = await TestServer.StartAsync(proxies is null ? [] : [("Symbolon:Proxies:0", proxies)]);
        var name = (await server.RegisterAsync()).Name;

        var tokens = (await server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, transport = "cookie" }, null, Forwarded)).Is(200);

        Assert.Equal(address, (await server.GetAsync("/auth/session", tokens.AccessToken)).Is(200).String("ip"));
        Assert.StartsWith(cookie, tokens.SetCookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnOrigin_IsTheForwardedOne_BehindAProxy()
    {
        await using var server = await TestServer.StartAsync([("Symbolon:Proxies:0", "127.0.0.1")]);
        var name = (await server.RegisterAsync()).Name;
        var wish = new { username = name, password = TestServer.Password, transport = "cookie" };

        (await server.PostAsync("/auth/login", wish, null, [.. Forwarded, ("Origin", "https://auth.example")])).Is(200);
        (await server.PostAsync("/auth/login", wish, null, [.. Forwarded, ("Origin", server.Address)])).IsProblem(403, "cross_site_request");
    }

    [Fact]
    public async Task PathBase_StandsBeforeEveryPath_WhenItIsConfigured()
    {
        await using var server = await TestServer.StartAsync([("Symbolon:PathBase", "/id")]);

        var tokens = (await server.PostAsync("/id/auth/register", new { username = "ada", password = TestServer.Password, transport = "cookie" }, null, ("X-Symbolon", "1"))).Is(201);

        Assert.Contains("path=/;", tokens.SetCookie, StringComparison.Ordinal);
        (await server.GetAsync("/id/auth/me", tokens.AccessToken)).Is(200);
        (await server.GetAsync("/id/.well-known/jwks.json")).Is(200);
        (await server.GetAsync("/id/")).Is(200);
    }
}
