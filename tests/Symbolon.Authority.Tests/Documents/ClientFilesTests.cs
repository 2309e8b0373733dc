using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Documents;

/// <summary>The browser client's modules, as MapSymbolonClient serves them.</summary>
public sealed class ClientFilesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer server = fixture.Server;

    [Theory]
    [InlineData("client.js")]
    [InlineData("lease.js")]
    [InlineData("react.js")]
    public async Task Module_IsServedToEverybody(string name)
    {
        var answer = (await server.GetAsync($"/symbolon/{name}", null, ("Origin", "https://anybody.example"))).Is(200);

        Assert.Equal("text/javascript", answer.MediaType);
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("cross-origin", answer.Header("Cross-Origin-Resource-Policy"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("no-cache", answer.Header("Cache-Control"));
        Assert.Contains("export", answer.Text, StringComparison.Ordinal);
        (await server.GetAsync($"/symbolon/{name}", null, ("If-None-Match", answer.Header("ETag")!))).Is(304);
        Assert.Empty((await server.SendAsync(HttpMethod.Head, $"/symbolon/{name}")).Is(200).Text);
    }

    [Theory]
    [InlineData("nothing.js")]
    [InlineData("package.json")]
    [InlineData("test/client.test.js")]
    [InlineData("..%2fclient.js")]
    public async Task Other_IsNotServed(string name) => (await server.GetAsync($"/symbolon/{name}")).Is(404);

    [Fact]
    public async Task Modules_ImportOnlyWhatIsServed()
    {
        var (seen, next) = (new HashSet<string>(), new Queue<string>(["client.js"]));
        while (next.TryDequeue(out var name))
        {
            if (!seen.Add(name)) continue;
            var text = (await server.GetAsync($"/symbolon/{name}")).Is(200).Text;
            foreach (System.Text.RegularExpressions.Match import in System.Text.RegularExpressions.Regex.Matches(text, @"(?:^import .* from |^export .* from |import\()'\./(\w[\w-]*\.js)'", System.Text.RegularExpressions.RegexOptions.Multiline))
                next.Enqueue(import.Groups[1].Value);
        }

        Assert.Superset(new HashSet<string> { "client.js", "session.js", "account.js", "lease.js", "live.js" }, seen);
    }
}
