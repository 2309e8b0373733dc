using System.Text.Json;
using Symbolon.Mock.Hosting;

namespace Symbolon.Mock.Tests;

/// <summary>The command as it is used, in an empty folder and beside the settings of a server.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("symbolon-mock-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Mock_Serves_WritesNothing_AndEndsInOrder_WhenItIsTold()
    {
        await using var mock = await MockProcess.StartAsync(folder, "--urls", $"http://localhost:{Listener.FreePort()}", "--ttl", "60s", "--seed", "7", "--fault", "status=503 path=/api/public times=1");
        using var client = new HttpClient { BaseAddress = mock.Url };
        Assert.Equal((200, null), await client.GetAsync("/health/ready").SaysAsync());
        Assert.Equal((503, "unavailable"), await client.GetAsync("/api/public").SaysAsync());
        Assert.Equal((200, null), await client.GetAsync("/api/public").SaysAsync());
        var tokens = await client.LogInAsync();
        Assert.Equal((200, null), await client.GetAsync("/api/admin/x", tokens).SaysAsync());
        await client.ControlAsync("clock", """{"advance":"61s"}""");
        Assert.Equal((401, "token_expired"), await client.GetAsync("/api/admin/x", tokens).SaysAsync());
        Assert.Equal(7, JsonDocument.Parse(await client.GetStringAsync("/__mock/state", TestContext.Current.CancellationToken)).RootElement.GetProperty("seed").GetInt32());
        Assert.Equal(200, (int)(await client.GetAsync("/symbolon/client.js", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(0, await mock.TerminateAsync());
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Theory]
    [InlineData("--ttl", "abc", "--ttl abc: expected a length such as")]
    [InlineData("--latency", "slow", "--latency slow: expected a length such as 300ms or 2s, or a range")]
    [InlineData("--seed", "x", "--seed x: expected a whole number")]
    [InlineData("--fault", "los-response", "kind must be one of")]
    [InlineData("--urls", "localhost", "--urls localhost: expected an address such as")]
    [InlineData("--urls", "http://localhost:99999", "symbolon: --urls http://localhost:99999: expected an address such as")]
    [InlineData("--urls", "http://192.0.2.1:5081", "symbolon: The mock cannot listen on http://192.0.2.1:5081: ")]
    [InlineData("--port", "1", "--port")]
    public async Task WrongOption_ExitsWithOne_AndSaysWhatWasExpected(string option, string value, string expected)
    {
        var (exitCode, output) = await MockProcess.FailAsync(folder, option, value);
        Assert.Equal(1, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal); // no trace
    }
}
