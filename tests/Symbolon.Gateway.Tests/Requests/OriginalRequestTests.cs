using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Symbolon.Gateway.Requests;

/// <summary>Method and path come from one place, exactly once, or nobody passes.</summary>
public class OriginalRequestTests
{
    public static TheoryData<string[], string[], bool> Values => new()
    {
        { ["GET"], ["/a"], true },
        { ["M-SEARCH"], ["/a"], true },
        { [], ["/a"], false },
        { ["GET"], [], false },
        { [], [], false },
        { ["GET", "GET"], ["/a"], false },
        { ["GET"], ["/a", "/a"], false },
        { ["GET, POST"], ["/a"], false },
        { ["get"], ["/a"], false },
        { [""], ["/a"], false },
        { ["GET"], [""], false },
        { ["GET "], ["/a"], false },
        { [new string('A', 33)], ["/a"], false },
        { ["GET"], ["/a, /b"], false },
        { ["GET"], ["a"], false },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void TryRead_NeedsEachExactlyOnce(string[] methods, string[] targets, bool isRead) =>
        Assert.Equal(isRead, OriginalRequest.TryRead(new StringValues(methods), new StringValues(targets), out _));

    [Theory]
    [InlineData("Forwarded", "POST /forwarded")]
    [InlineData("Original", "PUT /original")]
    [InlineData("Request", "DELETE /own")]
    public void TryRead_LooksInOnePlaceOnly(string source, string expected)
    {
        var http = Http("DELETE", "/verify/own?x", ("X-Forwarded-Method", "POST"), ("X-Forwarded-Uri", "/forwarded"), ("X-Original-Method", "PUT"), ("X-Original-URI", "/original"));
        Assert.True(OriginalRequestReader.TryRead(http, Enum.Parse<OriginalSource>(source), out var original));
        Assert.Equal(expected, $"{original.Method} {original.Path}");
    }

    [Theory]
    [InlineData("Forwarded")]
    [InlineData("Original")]
    public void TryRead_Fails_WhenTheOnePlaceIsEmpty(string source)
    {
        var other = source == "Forwarded" ? "Original" : "Forwarded";
        Assert.False(OriginalRequestReader.TryRead(Http("GET", "/verify/a", ($"X-{other}-Method", "GET"), ($"X-{other}-Uri", "/a")), Enum.Parse<OriginalSource>(source), out _));
    }

    [Theory]
    [InlineData("/verify/", true)]
    [InlineData("/verify", false)]
    [InlineData("/verify?x", false)]
    [InlineData("/verify//admin", false)]
    [InlineData("/verify/../admin", false)]
    public void TryRead_FromTheRequestItself_NeedsAPathAfterThePrefix(string target, bool isRead) =>
        Assert.Equal(isRead, OriginalRequestReader.TryRead(Http("GET", target), OriginalSource.Request, out _));

    [Theory]
    [InlineData("/verify", true)]
    [InlineData("/verify/", true)]
    [InlineData("/verify?a", true)]
    [InlineData("/verify/../health/live", true)] // a question about /../health/live, not a request for health
    [InlineData("/verifyx", false)]
    [InlineData("/Verify", false)]
    [InlineData("//verify", false)]
    [InlineData("/health/live", false)]
    public void IsVerify_LooksAtTheTargetAsItCame(string target, bool isVerify) => Assert.Equal(isVerify, OriginalRequestReader.IsVerify(target));

    private static DefaultHttpContext Http(string method, string target, params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        foreach (var (name, value) in headers) http.Request.Headers[name] = value;
        return http;
    }
}
