using System.Net;

namespace Symbolon.Mock.Tests.Hosting;

public class OptionsTests
{
    public static TheoryData<string, Action<MockOptions>> Wrong => new()
    {
        { "--ttl 5s: expected 30s to 3600s", options => options.AccessTokenLifetime = TimeSpan.FromSeconds(5) },
        { "--refresh-ttl 1s: expected 60s", options => options.RefreshTokenLifetime = TimeSpan.FromSeconds(1) },
        { "--latency", options => options.Latency = new MockDelay(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)) },
        { "--cors app.example", options => options.CorsOrigins.Add("app.example") },
        { "--urls ftp://x", options => options.Urls.Add("ftp://x") },
        { "--urls http://localhost:99999: expected", options => options.Urls.Add("http://localhost:99999") },
        { "--urls http://localhost:-1: expected", options => options.Urls.Add("http://localhost:-1") },
        { "--urls https://localhost:1", options => options.Urls.Add("https://localhost:1") },
        { "--fault kind=status: status", options => options.Faults.Add(new MockFault { Kind = MockFaultKind.Status, Status = 200 }) },
        { "The roles of the account 'ada' must be at most 16", options => options.Accounts.Add(new MockAccount("ada", "x", [.. Enumerable.Range(0, 17).Select(i => $"r{i}")])) },
        { "Two accounts", options => { options.Accounts.Add(new MockAccount("ada", "x")); options.Accounts.Add(new MockAccount("ADA", "y")); } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task WrongOption_IsRefused_WithWhatWasExpected(string message, Action<MockOptions> configure) =>
        Assert.StartsWith(message, (await Assert.ThrowsAsync<MockOptionsException>(() => SymbolonMockFactory.StartAsync(configure))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Address_ThatIsTaken_IsSaid()
    {
        await using var first = await SymbolonMockFactory.StartAsync(ct: TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<IOException>(() => SymbolonMockFactory.StartAsync(options => options.Urls.Add(first.Url.GetLeftPart(UriPartial.Authority))));
    }

    [Fact]
    public async Task Address_ThatIsNotThisMachines_IsSaid() => Assert.StartsWith(
        "The mock cannot listen on http://192.0.2.1:5081: ",
        (await Assert.ThrowsAsync<IOException>(() => SymbolonMockFactory.StartAsync(options => options.Urls.Add("http://192.0.2.1:5081")))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task OwnAccounts_LogIn_AndADisabledOneDoesNot()
    {
        await using var mock = await SymbolonMockFactory.StartAsync(options =>
        {
            options.Urls.Add("http://127.0.0.1:0");
            options.Accounts.Add(new MockAccount("a@b.com", "x", "Editor"));
            options.Accounts.Add(new MockAccount("off", "off") { IsDisabled = true });
        }, TestContext.Current.CancellationToken);
        using var client = mock.CreateClient();
        Assert.Equal((200, null), await client.GetAsync("/api/x", await client.LogInAsync("a@b.com", "x")).SaysAsync());
        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<HttpRequestException>(() => client.LogInAsync("off"))).StatusCode);
    }

    [Fact]
    public async Task EveryAddress_ServesThisMachine_AndAsControl()
    {
        await using var mock = await SymbolonMockFactory.StartAsync(options => options.Urls.Add("http://0.0.0.0:0"), TestContext.Current.CancellationToken);
        using var client = mock.CreateClient();
        Assert.Equal("localhost", mock.Url.Host);
        await client.LogInAsync();
        await client.ControlAsync("clock", """{"advance":1}""");
    }
}
