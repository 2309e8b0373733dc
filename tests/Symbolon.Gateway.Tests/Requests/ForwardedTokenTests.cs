using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;

namespace Symbolon.Gateway.Requests;

/// <summary>Where the token is, and whose cookie counts.</summary>
public class ForwardedTokenTests
{
    private static readonly CrossSiteRule CrossSite = new(["https://app.example"]);

    [Theory]
    [InlineData("Bearer abc", null, "abc")]
    [InlineData("bearer abc", null, "abc")]
    [InlineData("Bearer abc", "access=other", "abc")] // the header goes first, and needs no rule
    [InlineData("Basic eDp5", "access=abc", "abc")]
    [InlineData(null, "access=abc", "abc")]
    [InlineData(null, "other=1; access=abc; more=2", "abc")]
    [InlineData(null, "xaccess=1; access=abc", "abc")]
    [InlineData(null, "access=a%2Eb", "a%2Eb")]
    public void Read_TakesTheHeader_ElseTheCookie(string? header, string? cookie, string expected)
    {
        var presented = Read(Request(header, cookie, ("X-Symbolon", "1")), "POST");
        Assert.Null(presented.Refusal);
        Assert.Equal(expected, presented.Token.ToString());
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("Basic eDp5", null, null)]
    [InlineData(null, "other=1", null)]
    [InlineData(null, "ACCESS=abc", null)]
    [InlineData(null, "access=", null)]
    [InlineData(null, "access", null)]
    [InlineData(null, "access=abc; access=def", "token_malformed")] // one of them may be planted
    public void Read_Refuses_WhatIsNoOneToken(string? header, string? cookie, string? code)
    {
        var presented = Read(Request(header, cookie, ("X-Symbolon", "1")), "POST");
        Assert.Null(presented.Token);
        Assert.Equal(code, presented.Refusal?.Code);
    }

    [Fact]
    public void Read_Refuses_TwoHeaders()
    {
        var request = Request(null, null);
        request.Headers.Authorization = new(["Bearer a", "Bearer b"]);
        Assert.Equal("token_malformed", Read(request, "GET").Refusal?.Code);
    }

    [Fact]
    public void Read_LooksAtNoCookie_WhenNoneIsConfigured() =>
        Assert.True(PresentedToken.ReadForwarded(Request(null, "access=abc", ("X-Symbolon", "1")).Headers, "GET", cookie: null, CrossSite).IsNone);

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
    public void Read_TakesTheCookie_OnlyFromThisSite(string method, string headers, bool isTaken)
    {
        var named = headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => header.Split(": ")).Select(pair => (pair[0], pair[1])).ToArray();
        var problem = Read(Request(null, "access=abc", named), method).Refusal;
        Assert.Equal(isTaken ? null : "cross_site_request", problem?.Code);
    }

    private static PresentedToken Read(HttpRequest request, string method) => PresentedToken.ReadForwarded(request.Headers, method, "access", CrossSite);

    private static HttpRequest Request(string? authorization, string? cookie, params (string Name, string Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        if (authorization is not null) request.Headers.Authorization = authorization;
        if (cookie is not null) request.Headers.Cookie = cookie;
        foreach (var (name, value) in headers) request.Headers[name] = value;
        return request;
    }
}
