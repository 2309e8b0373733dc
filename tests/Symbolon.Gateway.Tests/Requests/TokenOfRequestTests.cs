using Microsoft.AspNetCore.Http;

namespace Symbolon.Gateway.Requests;

/// <summary>Where the token is, and whose cookie counts.</summary>
public class TokenOfRequestTests
{
    private static readonly GatewayOptions Options = new() { Cookie = "access", Origins = ["https://app.example"] };

    [Theory]
    [InlineData("Bearer abc", null, "abc")]
    [InlineData("bearer abc", null, "abc")]
    [InlineData("Bearer abc", "access=other", "abc")] // the header goes first, and needs no rule
    [InlineData("Basic eDp5", "access=abc", "abc")]
    [InlineData(null, "access=abc", "abc")]
    [InlineData(null, "other=1; access=abc; more=2", "abc")]
    [InlineData(null, "xaccess=1; access=abc", "abc")]
    [InlineData(null, "access=a%2Eb", "a%2Eb")]
    public void Find_TakesTheHeader_ElseTheCookie(string? header, string? cookie, string expected)
    {
        Assert.Null(TokenOfRequest.Find(Request(header, cookie, ("X-Symbolon", "1")), "POST", Options, out var token));
        Assert.Equal(expected, token.ToString());
    }

    [Theory]
    [InlineData(null, null, "token_missing")]
    [InlineData("Basic eDp5", null, "token_missing")]
    [InlineData(null, "other=1", "token_missing")]
    [InlineData(null, "ACCESS=abc", "token_missing")]
    [InlineData(null, "access=", "token_missing")]
    [InlineData(null, "access", "token_missing")]
    [InlineData(null, "access=abc; access=def", "token_malformed")] // one of them may be planted
    public void Find_Refuses_WhatIsNoOneToken(string? header, string? cookie, string code) =>
        Assert.Equal(code, TokenOfRequest.Find(Request(header, cookie, ("X-Symbolon", "1")), "POST", Options, out _)?.Code);

    [Fact]
    public void Find_Refuses_TwoHeaders()
    {
        var request = Request(null, null);
        request.Headers.Authorization = new(["Bearer a", "Bearer b"]);
        Assert.Equal("token_malformed", TokenOfRequest.Find(request, "GET", Options, out _)?.Code);
    }

    [Fact]
    public void Find_LooksAtNoCookie_WhenNoneIsConfigured() =>
        Assert.Equal("token_missing", TokenOfRequest.Find(Request(null, "access=abc", ("X-Symbolon", "1")), "GET", new GatewayOptions(), out _)?.Code);

    [Theory]
    [InlineData("POST", "", false)]
    [InlineData("GET", "", false)]
    [InlineData("POST", "X-Symbolon: 1", true)]
    [InlineData("POST", "Origin: https://app.example", true)]
    [InlineData("POST", "Origin: https://evil.example", false)]
    [InlineData("POST", "Origin: null", false)]
    [InlineData("POST", "Origin: https://evil.example|X-Symbolon: 1", false)]
    [InlineData("POST", "Origin: https://evil.example|Sec-Fetch-Site: same-origin", false)]
    [InlineData("POST", "Sec-Fetch-Site: same-origin", true)]
    [InlineData("POST", "Sec-Fetch-Site: same-site", false)]
    [InlineData("POST", "Sec-Fetch-Site: cross-site|X-Symbolon: 1", false)]
    [InlineData("GET", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate", true)]
    [InlineData("HEAD", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate", true)]
    [InlineData("POST", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate", false)]
    [InlineData("GET", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: no-cors", false)]
    [InlineData("GET", "Sec-Fetch-Site: none|Sec-Fetch-Mode: navigate", true)]
    public void Find_TakesTheCookie_OnlyFromThisSite(string method, string headers, bool isTaken)
    {
        var named = headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => header.Split(": ")).Select(pair => (pair[0], pair[1])).ToArray();
        var problem = TokenOfRequest.Find(Request(null, "access=abc", named), method, Options, out _);
        Assert.Equal(isTaken ? null : "cross_site_request", problem?.Code);
    }

    private static HttpRequest Request(string? authorization, string? cookie, params (string Name, string Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        if (authorization is not null) request.Headers.Authorization = authorization;
        if (cookie is not null) request.Headers.Cookie = cookie;
        foreach (var (name, value) in headers) request.Headers[name] = value;
        return request;
    }
}
