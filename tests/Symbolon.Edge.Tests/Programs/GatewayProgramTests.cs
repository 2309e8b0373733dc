using Symbolon.Edge.Processes;

namespace Symbolon.Edge.Programs;

/// <summary>The gateway as a process of its own: how it ends, and what an operator reads then.</summary>
public sealed class GatewayProgramTests : IDisposable
{
    private const string Secret = "only-the-gateway-knows";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-gateway-");
    private readonly int port = RunningProgram.FreePort();

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("rules:\n  - path: /a\n  - path: /admin\n    rolls: [admin]\n", "rules.yaml(4,5): 'rolls' is no member of a rule.")]
    [InlineData("rules:\n  - path: /a\n   x: [\n", "rules.yaml(3,4): ")]
    [InlineData("rules: all\n", "rules.yaml(1,8): ")]
    public async Task Start_EndsWith1AndSaysWhere_WhenRulesAreBad(string rules, string says)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "rules.yaml"), rules);
        await using var gateway = Start();
        Assert.Equal(1, await gateway.EndAsync());
        Assert.StartsWith("symbolon-gateway: ", gateway.Errors, StringComparison.Ordinal);
        Assert.Contains(says, gateway.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", gateway.Errors + gateway.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gateway__Issuer", "http://auth.example", "Gateway:Issuer")]
    [InlineData("Gateway__Issuers", "https://auth.example", "there is no setting 'Issuers' in Gateway.")]
    [InlineData("Gateway__Feed__Uri", "https://auth.example/revocations", "there is no setting 'Uri' in Gateway:Feed.")]
    [InlineData("Gateway__Rules", "nowhere.yaml", "there is no file")]
    [InlineData("ASPNETCORE_URLS", "nonsense", "--urls")]
    public async Task Start_EndsWith1AndSaysWhatToWrite_WhenASettingIsBad(string key, string value, string says)
    {
        await using var gateway = Start((key, value));
        Assert.Equal(1, await gateway.EndAsync());
        Assert.Contains(says, gateway.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", gateway.Errors + gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, gateway.Errors + gateway.Output, StringComparison.Ordinal);
    }

    /// <summary>Guards against: its sources were disposed of twice, so that SIGTERM ended it with SIGABRT and a trace.</summary>
    [Fact]
    public async Task Stop_EndsWith0_AndNothingSecretIsInTheLog_ThoughTheIssuerWasNeverThere()
    {
        await using var gateway = Start();
        await gateway.PrintsAsync("Application started");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/verify/x?access_token=in-the-query");
        request.Headers.Add("Authorization", "Bearer in.the.header");
        request.Headers.Add("Cookie", "access=in-the-cookie");
        request.Headers.Add("X-Forwarded-Method", "GET");
        request.Headers.Add("X-Forwarded-Uri", "/orders?code=in-the-uri");
        using var answer = await http.SendAsync(request);
        Assert.Equal(503, (int)answer.StatusCode);

        Assert.Equal(0, await gateway.StopAsync());
        Assert.Equal("", gateway.Errors);
        Assert.All([Secret, "in-the-query", "in.the.header", "in-the-cookie", "in-the-uri", "/orders"], secret => Assert.DoesNotContain(secret, gateway.Output, StringComparison.Ordinal));
    }

    // Nobody listens on port 1.
    private RunningProgram Start(params IEnumerable<(string Key, string Value)> settings) => RunningProgram.Gateway(
        folder.FullName,
        [
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("Gateway__Issuer", "http://127.0.0.1:1"), ("Gateway__Feed__Url", "http://127.0.0.1:1/revocations"),
            ("Gateway__Feed__ClientId", "gateway"), ("Gateway__Feed__ClientSecret", Secret), .. settings,
        ]);
}
