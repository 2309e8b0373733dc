using System.Net.WebSockets;
using System.Text;
using Symbolon.AspNetCore;
using Symbolon.Gateway.Support;
using Symbolon.Testing;

namespace Symbolon.Gateway.Proxies;

/// <summary>A real proxy with its sample's configuration, between raw requests and a real service.</summary>
public abstract class ProxyTests : IAsyncLifetime
{
    private readonly TestIssuer issuer = new();
    private readonly GivenFeed feed = new();
    private GatewayHost gateway = null!;
    private EchoService service = null!;
    private ProxyProcess proxy = null!;

    internal abstract Task<ProxyProcess> StartAsync(int gateway, int service);

    public async ValueTask InitializeAsync()
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "rules.yaml"));
        gateway = await GatewayHost.StartAsync(rules, new TokenCheckSources(new GivenKeys(issuer.Jwks()), feed, Live: null),
            ("Feed:Url", "http://127.0.0.1:1/revocations"), ("Feed:ClientId", "gateway"), ("Feed:ClientSecret", "unused"), ("Cookie", "access"), ("Origins:0", "https://app.example"));
        service = await EchoService.StartAsync();
        proxy = await StartAsync(gateway.Port, service.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        await service.DisposeAsync();
        await gateway.DisposeAsync();
        issuer.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Service_LearnsWhoAsks()
    {
        var (answer, request) = await PassAsync("POST", "/orders/7?a=/../b", Bearer(issuer.Token(["admin", "a,b"], "orders.write more")), "Content-Length: 4", "", "body");
        Assert.Equal("reached", answer.Header("X-Service"));
        Assert.Equal(("POST", "/orders/7?a=/../b", "body"), (request.Method, request.Target, request.Body));
        Assert.Equal(("alice", "s-1", "admin,a%2Cb", "orders.write more"), Identity(request));
    }

    [Theory]
    [InlineData("GET", "/public/x")]
    [InlineData("POST", "/public")]
    public async Task Service_LearnsNobody_WhateverTheClientClaims(string method, string target)
    {
        var (_, request) = await PassAsync(method, target, [.. Spoofed, Bearer(issuer.Token(["admin"]))]);
        Assert.Equal(("", "", "", ""), Identity(request));
        Assert.DoesNotContain(request.Headers, header => header.Value.Contains("evil", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Service_LearnsTheTokensHolderOnly_WhateverTheClientClaims()
    {
        var (_, request) = await PassAsync("GET", "/other", [.. Spoofed, Bearer(issuer.Token())]);
        Assert.Equal(("alice", "s-1", "", ""), Identity(request));
        Assert.DoesNotContain(request.Headers, header => header.Value.Contains("evil", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("X-Forwarded-Uri: /public", "X-Forwarded-Method: GET")]
    [InlineData("X-Original-URI: /public", "X-Original-Method: GET")]
    [InlineData("X-Forwarded-Uri: /public", "X-Forwarded-Uri: /public")]
    [InlineData("x-forwarded-uri: /public", "X_Forwarded_Uri: /public")]
    [InlineData("X-Forwarded-Uri: /other", "Connection: close, X-Forwarded-Uri")]
    public async Task Verdict_IsAboutTheRequestItself_WhateverTheClientClaims(params string[] claims)
    {
        await RefuseAsync(401, "token_missing", "GET", "/admin", claims);
        await RefuseAsync(403, "role_missing", "GET", "/admin", [.. claims, Bearer(issuer.Token(["user"]))]);
        await PassAsync("GET", "/public", [.. claims.Select(claim => claim.Replace("/public", "/admin", StringComparison.Ordinal))]);
    }

    [Fact]
    public async Task Service_LearnsWhoAsks_WhateverConnectionNames()
    {
        var (_, request) = await PassAsync(
            "GET", "/admin", "Connection: close, X-Auth-Subject, x-auth-session", "Connection: X-Auth-Roles, X-Auth-Scopes", Bearer(issuer.Token(["admin"], "a")));
        Assert.Equal(("alice", "s-1", "admin", "a"), Identity(request));
    }

    [Fact]
    public async Task WebSocket_IsOpened_AndItsHolderNamed()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {issuer.Token(["admin"], "a")}");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{proxy.Port}/admin/ws"), patience.Token);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        var buffer = new byte[16];
        var received = await socket.ReceiveAsync(buffer, patience.Token);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
        Assert.Equal(("alice", "s-1", "admin", "a"), Identity(Assert.Single(service.Take())));

        using var nobody = new ClientWebSocket();
        await Assert.ThrowsAsync<WebSocketException>(() => nobody.ConnectAsync(new Uri($"ws://127.0.0.1:{proxy.Port}/admin/ws"), patience.Token));
        Assert.Empty(service.Take());
    }

    [Theory]
    [InlineData("h2c")]
    [InlineData("websocket, h2c")]
    [InlineData("TLS/1.2")]
    public async Task OtherProtocols_AreNotOffered(string upgrade)
    {
        var (_, request) = await PassAsync("GET", "/public", "Connection: Upgrade, HTTP2-Settings", $"Upgrade: {upgrade}", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA");
        Assert.Equal("", request.Header("Upgrade"));
    }

    [Theory]
    [InlineData("/public/../admin")]
    [InlineData("/public/..")]
    [InlineData("/public/./../admin")]
    [InlineData("//admin")]
    [InlineData("/public//../admin")]
    [InlineData("/public/%2e%2e/admin")]
    [InlineData("/public/%2E%2E/admin")]
    [InlineData("/public/.%2e/admin")]
    [InlineData("/public%2f..%2fadmin")]
    [InlineData("/public/..%2fadmin")]
    [InlineData("/public/..%5cadmin")]
    [InlineData("/public/..\\admin")]
    [InlineData("/public/..;/admin")]
    [InlineData("/public;x=1/../admin")]
    [InlineData("/public/%252e%252e/admin")]
    [InlineData("/admin;x=1")]
    [InlineData("/public?/../admin/%00")]
    [InlineData("/public/%00")]
    public async Task Trick_DoesNotGetThrough(string target)
    {
        var answer = await RawHttp.SendAsync(proxy.Port, "GET", target, Bearer(issuer.Token(["user"])));
        var reached = service.Take();
        if (target.StartsWith("/public?", StringComparison.Ordinal))
        {
            Assert.Equal(200, answer.Status); // a query is no path
            return;
        }

        Assert.InRange(answer.Status, 400, 403);
        Assert.Empty(reached);
    }

    [Theory]
    [InlineData("/ADMIN")]
    [InlineData("/%61dmin/")]
    [InlineData("/aDm%69n/x")]
    public async Task Admin_IsAdmin_HoweverItIsWritten(string target)
    {
        await RefuseAsync(403, "role_missing", "GET", target, Bearer(issuer.Token(["user"])));
        await PassAsync("GET", target, Bearer(issuer.Token(["admin"])));
    }

    [Fact]
    public async Task Refusal_ReachesTheClient()
    {
        var missing = await RefuseAsync(401, "token_missing", "GET", "/other");
        Assert.Equal("Bearer", missing.Header("WWW-Authenticate"));
        var expired = await RefuseAsync(401, "token_expired", "GET", "/other", Bearer(issuer.Token(age: TimeSpan.FromHours(1))));
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"token_expired\"", expired.Header("WWW-Authenticate"));
        var scope = await RefuseAsync(403, "scope_missing", "DELETE", "/orders/7", Bearer(issuer.Token(scope: "orders.read")));
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"orders.write\"", scope.Header("WWW-Authenticate"));
        await RefuseAsync(403, "method_not_allowed", "PUT", "/orders/7", Bearer(issuer.Token(scope: "orders.write")));
        Assert.All([missing, expired, scope], answer => Assert.Empty(answer.Headers["Set-Cookie"]));
    }

    [Fact]
    public async Task RevokedToken_IsRefused()
    {
        var token = issuer.Token(change: claims => claims["jti"] = "t-1");
        await PassAsync("GET", "/other", Bearer(token));
        feed.RevokeToken("t-1");
        await RefuseAsync(401, "token_revoked", "GET", "/other", Bearer(token));
        await PassAsync("GET", "/other", Bearer(issuer.Token()));
    }

    [Fact]
    public async Task StaleView_ReachesTheClientAs503_AndPublicPathsGoOn()
    {
        feed.AgeNow = TimeSpan.FromSeconds(6);
        var answer = await RefuseAsync(503, "view_stale", "GET", "/other", Bearer(issuer.Token()));
        Assert.Equal("2", answer.Header("Retry-After"));
        await PassAsync("GET", "/public");
    }

    [Fact]
    public async Task NobodyPasses_WhenTheGatewayIsGone()
    {
        await gateway.DisposeAsync();
        var answer = await RawHttp.SendAsync(proxy.Port, "GET", "/public", Bearer(issuer.Token()));
        Assert.InRange(answer.Status, 500, 504);
        Assert.Empty(service.Take());
        gateway = await GatewayHost.StartAsync(null, new TokenCheckSources(new GivenKeys(issuer.Jwks()), null, null)); // for the end of the test
    }

    [Theory]
    [InlineData("a=1; __Host-symbolon-rt=SECRET; b=2", "a=1|b=2")]
    [InlineData("symbolon-rt=SECRET", "")]
    [InlineData("symbolon-rt=SECRET; __Host-symbolon-rt=SECRET; a=1", "a=1")]
    [InlineData("a=1;__Host-symbolon-rt=SECRET", "a=1")]
    [InlineData("a=1; mysymbolon-rta=2", "a=1|mysymbolon-rta=2")]
    public async Task RefreshToken_NeverReachesTheService(string cookie, string kept)
    {
        var (_, request) = await PassAsync("GET", "/public", $"Cookie: {cookie}");
        Assert.DoesNotContain("SECRET", request.Header("Cookie"), StringComparison.Ordinal);
        Assert.Equal(kept, string.Join('|', request.Header("Cookie").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task Cookie_CountsFromThisSiteOnly()
    {
        var cookie = $"Cookie: access={issuer.Token(scope: "orders.write")}";
        await PassAsync("POST", "/orders", cookie, "Origin: https://app.example");
        await RefuseAsync(403, "cross_site_request", "POST", "/orders", cookie, "Origin: https://evil.example");
        await RefuseAsync(403, "cross_site_request", "POST", "/orders", cookie, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"); // what the proxy asks with is GET; the request is not
        await PassAsync("GET", "/orders", cookie, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate");
    }

    [Fact]
    public async Task ServicesOwnErrors_PassAsTheyAre()
    {
        var answer = await RawHttp.SendAsync(proxy.Port, "GET", "/public/teapot");
        Assert.Equal((500, "the service"), (answer.Status, answer.Body));
    }

    private static readonly string[] Spoofed =
    [
        "X-Auth-Subject: evil", "x-auth-session: evil", "X-AUTH-ROLES: evil", "X-Auth-Scopes: evil", "X-Auth-Roles: evil", "X_Auth_Subject: evil", "X_Auth_Roles: evil",
        .. "_.!#$%&'+^`|~*".SelectMany(c => new[] { $"X{c}Auth{c}Roles: evil", $"X-Auth{c}Roles: evil", $"x{c}auth-roles: evil" }), // many services read all of these as X-Auth-Roles
        "X-HTTP-Method-Override: evil", "X-HTTP-Method: evil", "X-Method-Override: evil", "X_HTTP_Method_Override: evil", "X-HTTP_Method-Override: evil", "X.HTTP.Method.Override: evil",
        "X-Forwarded-Uri: /evil", "X-Forwarded-Method: evil", "X_Forwarded_Method: evil", "X-Forwarded_Uri: /evil",
        "X-Original-URL: /evil", "X-Rewrite-URL: /evil", "X-Original-URI: /evil", "X-Original-Method: evil", "X_Original_URL: /evil", "X-Rewrite_URL: /evil",
    ];

    private static string Bearer(string token) => $"Authorization: Bearer {token}";

    private static (string, string, string, string) Identity(Reached request) =>
        (request.Header("X-Auth-Subject"), request.Header("X-Auth-Session"), request.Header("X-Auth-Roles"), request.Header("X-Auth-Scopes"));

    private async Task<(RawAnswer Answer, Reached Request)> PassAsync(string method, string target, params string[] headers)
    {
        var answer = await RawHttp.SendAsync(proxy.Port, method, target, headers);
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Body}\n{proxy.Output}");
        return (answer, Assert.Single(service.Take()));
    }

    private async Task<RawAnswer> RefuseAsync(int status, string code, string method, string target, params string[] headers)
    {
        var answer = await RawHttp.SendAsync(proxy.Port, method, target, headers);
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.StartsWith("application/problem+json", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Empty(service.Take());
        return answer;
    }
}

/// <summary>nginx with samples/nginx/nginx.conf.</summary>
public sealed class NginxTests : ProxyTests
{
    internal override Task<ProxyProcess> StartAsync(int gateway, int service) => ProxyProcess.NginxAsync(gateway, service);
}

/// <summary>Caddy with samples/caddy/Caddyfile.</summary>
public sealed class CaddyTests : ProxyTests
{
    internal override Task<ProxyProcess> StartAsync(int gateway, int service) => ProxyProcess.CaddyAsync(gateway, service);
}
