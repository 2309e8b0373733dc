using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Documents;

public sealed class CorsTests(CorsTests.Fixture fixture) : IClassFixture<CorsTests.Fixture>
{
    private const string Listed = "https://app.example";
    private readonly TestServer server = fixture.Server;

    [Theory]
    [InlineData("/auth/me")]
    [InlineData("/auth/sessions")]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/admin/users")]
    public async Task Request_MayBeRead_FromAListedOrigin(string path)
    {
        var answer = await server.GetAsync(path, null, ("Origin", Listed));

        Assert.Equal(Listed, answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", answer.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("WWW-Authenticate,Retry-After", answer.Header("Access-Control-Expose-Headers")?.Replace(" ", "", StringComparison.Ordinal));
        Assert.Contains("Origin", answer.Header("Vary"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("https://app.example.evil.example")]
    [InlineData("http://app.example")]
    [InlineData("*")]
    public async Task Request_GetsNothing_FromAnotherOrigin(string origin)
    {
        foreach (var answer in new[] { await server.GetAsync("/auth/me", null, ("Origin", origin)), await PreflightAsync("/auth/refresh", origin, "POST", "content-type") })
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-Allow-Origin", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/auth/refresh", "POST", "content-type,symbolon-attempt,x-symbolon")]
    [InlineData("/auth/me", "PATCH", "authorization,content-type")]
    [InlineData("/auth/sessions", "DELETE", "authorization")]
    public async Task Preflight_IsAnswered_ForAListedOrigin(string path, string method, string headers)
    {
        var answer = (await PreflightAsync(path, Listed, method, headers)).Is(204);

        Assert.Equal(Listed, answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", answer.Header("Access-Control-Allow-Credentials"));
        Assert.Contains(method, answer.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        var allowed = answer.Header("Access-Control-Allow-Headers")!.Split(',', StringSplitOptions.TrimEntries);
        Assert.Empty(headers.Split(',').Except(allowed, StringComparer.OrdinalIgnoreCase));
        Assert.Equal("600", answer.Header("Access-Control-Max-Age"));
    }

    private Task<Answer> PreflightAsync(string path, string origin, string method, string headers) => server.SendAsync(
        HttpMethod.Options, path, null, null, ("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers));

    public sealed class Fixture : ServerFixture
    {
        internal override IEnumerable<(string Key, string Value)> Settings => [("Symbolon:Cors:Origins:0", Listed), ("Symbolon:Cors:Origins:1", "http://localhost:3000")];
    }
}

public sealed class CorsOffTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Request_GetsNothing_WhenNoOriginIsListed()
    {
        var answer = await fixture.Server.GetAsync("/auth/me", null, ("Origin", "https://app.example"));

        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.Ordinal));
    }
}
