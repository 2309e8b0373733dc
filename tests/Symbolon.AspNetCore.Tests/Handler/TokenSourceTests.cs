using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore.Tests.Support;

namespace Symbolon.AspNetCore.Tests.Handler;

/// <summary>Where a token may come from: header, query on listed paths, cookie under the cross-site rule.</summary>
public sealed class TokenSourceTests(TokenSourceTests.Fixture fixture) : IClassFixture<TokenSourceTests.Fixture>
{
    private Api Api => fixture.Api;

    private string Token { get; } = fixture.Api.Issuer.Token();

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    public async Task Header_IsTaken_WhateverTheCaseOfItsScheme(string scheme) =>
        (await Api.SendAsync("/own", headers: ("Authorization", $"{scheme} {Token}"))).Is(200);

    [Theory]
    [InlineData("/hubs/chat", 200)]
    [InlineData("/HUBS/chat", 200)]
    [InlineData("/hubsandmore", 401)]
    [InlineData("/own", 401)]
    public async Task Query_CountsOnListedPathsOnly(string path, int status) => (await Api.SendAsync($"{path}?access_token={Token}")).Is(status);

    [Theory]
    [InlineData("/hubs", true)]
    [InlineData("/hubs/", false)] // would never match
    [InlineData("hubs", false)]
    [InlineData("/", false)]
    public void QueryPath_IsRefused_WhenItCannotMatch(string path, bool isAllowed)
    {
        var options = new SymbolonOptions();
        options.QueryPaths.Add(path);
        Assert.Equal(isAllowed, Record.Exception(options.Validate) is null);
    }

    [Fact]
    public async Task Query_IsNeverStored()
    {
        var answer = (await Api.SendAsync($"/hubs/chat?access_token={Token}")).Is(200);
        Assert.Equal("no-store, private", answer.CacheControl);
    }

    [Fact]
    public async Task Query_IsRefused_WhenTheHeaderHasATokenToo()
    {
        var answer = (await Api.SendAsync($"/hubs/chat?access_token={Token}", Token)).Is(400, "request_malformed");
        Assert.Equal(["Bearer error=\"invalid_request\""], answer.Challenges);
    }

    [Fact]
    public async Task Query_IsRefused_WhenItComesTwice() =>
        (await Api.SendAsync($"/hubs/chat?access_token={Token}&access_token={Token}")).Is(400, "request_malformed");

    [Fact]
    public async Task Token_IsRefused_WhenItIsTooLong() =>
        (await Api.SendAsync("/own", headers: ("Authorization", $"Bearer {new string('a', 8193)}"))).Is(401, "token_malformed");

    [Fact]
    public async Task Header_IsRefused_WhenItComesTwice()
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(Api.Address.Host, Api.Address.Port);
        var header = $"Authorization: Bearer {Token}\r\n";
        await socket.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET /own HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}{header}\r\n"));
        var answer = await new StreamReader(socket.GetStream()).ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
        Assert.Contains("token_malformed", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Header_GoesBeforeTheCookie_WhichTheBrowserAddsByItself()
    {
        var cookie = ("Cookie", "access=nonsense");
        (await Api.SendAsync("/own", Token, headers: cookie)).Is(200);
        (await Api.SendAsync($"/hubs/chat?access_token={Token}", headers: cookie)).Is(200);
        (await Api.SendAsync("/own", Token, headers: [("Cookie", $"access={Token}"), ("Origin", "https://evil.example")])).Is(200);
    }

    [Fact]
    public async Task Cookie_IsTaken_BesideAnotherSchemesAuthorization() =>
        (await Api.SendAsync("/own", headers: [("Cookie", $"access={Token}"), ("Authorization", "Basic eDp5"), ("X-Symbolon", "1")])).Is(200);

    public static TheoryData<string, int, string[]> CrossSite => new()
    {
        { "GET", 403, [] },
        { "GET", 200, ["X-Symbolon: 1"] },
        { "POST", 200, ["X-Symbolon: 1"] },
        { "POST", 200, ["Origin: {own}"] },
        { "POST", 200, ["Origin: https://app.example"] },
        { "POST", 403, ["Origin: https://app.example.evil.example"] },
        { "POST", 403, ["Origin: https://evil.example", "X-Symbolon: 1"] },
        { "POST", 403, ["Origin: null"] },
        { "POST", 403, ["Origin: https://evil.example", "Sec-Fetch-Site: same-origin"] },
        { "GET", 200, ["Sec-Fetch-Site: same-origin"] },
        { "GET", 403, ["Sec-Fetch-Site: same-site", "X-Symbolon: 1"] },
        { "GET", 403, ["Sec-Fetch-Site: cross-site"] },
        { "GET", 403, ["Sec-Fetch-Site: none"] },
        { "GET", 200, ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"] },
        { "HEAD", 200, ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"] },
        { "POST", 403, ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"] },
        { "GET", 403, ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"] },
    };

    [Theory]
    [MemberData(nameof(CrossSite))]
    public async Task Cookie_IsTaken_FromThisOriginAndListedOnesOnly(string method, int status, string[] headers)
    {
        var all = headers.Select(header => header.Replace("{own}", Api.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal).Split(": ", 2))
            .Select(pair => (pair[0], pair[1])).Append(("Cookie", $"access={Token}")).ToArray();
        var answer = await Api.SendAsync("/own", method: new HttpMethod(method), headers: all);
        answer.Is(status, status == 403 ? "cross_site_request" : null);
    }

    [Theory]
    [InlineData("access={own}; access={planted}")]
    [InlineData("access={planted}; other=1; access={own}")]
    [InlineData("access={own}; access=")]
    public async Task Cookie_IsRefused_WhenItComesTwice(string cookies) =>
        (await SendAsync(cookies)).Is(401, "token_malformed"); // a neighbouring subdomain can plant one

    [Fact]
    public async Task Cookie_IsTaken_ByItsExactName()
    {
        Assert.Equal("own", (await SendAsync("access={own}; ACCESS={planted}; xaccess={planted}")).Is(200).Text);
        (await SendAsync("Access={planted}")).Is(401, "token_missing");
    }

    private Task<Answer> SendAsync(string cookies)
    {
        foreach (var name in new[] { "own", "planted" })
            cookies = cookies.Replace($"{{{name}}}", Api.Issuer.Token(claims => claims with { Subject = name }), StringComparison.Ordinal);
        return Api.SendAsync("/who", headers: [("Cookie", cookies), ("X-Symbolon", "1")]);
    }

    [Fact]
    public async Task Cookie_FromAnotherSite_IsNobody_WhereNobodyIsAsked() =>
        Assert.Equal("nobody", (await Api.SendAsync("/anyone", headers: [("Cookie", $"access={Token}"), ("Sec-Fetch-Site", "cross-site")])).Is(200).Text);

    public sealed class Fixture : IAsyncLifetime
    {
        internal Api Api { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Api = await Api.StartAsync(
            app =>
            {
                app.MapMethods("/own", ["GET", "HEAD", "POST"], () => "ok").RequireSymbolon();
                app.MapGet("/hubs/chat", () => "ok").RequireSymbolon();
                app.MapGet("/hubsandmore", () => "ok").RequireSymbolon();
                app.MapGet("/who", (HttpContext http) => http.User.Subject()).RequireSymbolon();
                app.MapGet("/anyone", (HttpContext http) => http.User.Subject() ?? "nobody");
            },
            options =>
            {
                options.Cookie = "access";
                options.Origins.Add("https://app.example");
                options.QueryPaths.Add("/hubs");
            });

        public ValueTask DisposeAsync() => Api.DisposeAsync();
    }
}
