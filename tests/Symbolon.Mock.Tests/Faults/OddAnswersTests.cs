using System.Net;

namespace Symbolon.Mock.Tests.Faults;

/// <summary>Faults of answers that are not a body of JSON: preflights, answers without a body, streams.</summary>
public class OddAnswersTests : MockTest
{
    [Theory]
    [InlineData(MockFaultKind.Status, 503)]
    [InlineData(MockFaultKind.Empty, 200)]
    [InlineData(MockFaultKind.Html200, 200)]
    public async Task Preflight_HasItsFault_WhenTheMethodNamesIt(MockFaultKind kind, int status)
    {
        await Mock.Faults.AddAsync(new MockFault { Kind = kind, Method = "OPTIONS", Times = 1 });
        using var first = await PreflightAsync();
        Assert.Equal((status, false), ((int)first.StatusCode, first.Headers.Contains("Access-Control-Allow-Origin")));
        using var second = await PreflightAsync();
        Assert.Equal((204, true), ((int)second.StatusCode, second.Headers.Contains("Access-Control-Allow-Origin")));
        Assert.Empty(Mock.Log.Entries);
    }

    [Theory]
    [InlineData(MockFaultKind.Reset)]
    [InlineData(MockFaultKind.LostResponse)]
    [InlineData(MockFaultKind.Truncate)]
    public async Task Preflight_IsCut_WhenTheMethodNamesIt(MockFaultKind kind)
    {
        await Mock.Faults.AddAsync(new MockFault { Kind = kind, Method = "OPTIONS", Times = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(PreflightAsync);
        using var second = await PreflightAsync();
        Assert.Equal(HttpStatusCode.NoContent, second.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/auth/logout", 204)]
    [InlineData("HEAD", "/api/public", 200)]
    public async Task Truncate_CutsTheConnection_WhenThereIsNoBodyToHalve(string method, string path, int status)
    {
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Truncate, Times = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(method, path));
        Assert.Equal((status, "truncate"), (Mock.Log.Entries.Single().Status, Mock.Log.Entries.Single().Fault));
        using var next = await SendAsync(method, path);
        Assert.Equal(status, (int)next.StatusCode);
    }

    [Theory]
    [InlineData(MockFaultKind.LostResponse)]
    [InlineData(MockFaultKind.Truncate)]
    public async Task Stream_IsCut_ThoughItHasNoEnd(MockFaultKind kind)
    {
        var tokens = await Client.LogInAsync();
        await Mock.Faults.AddAsync(new MockFault { Kind = kind, Path = "/auth/events", Times = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => Client.GetAsync("/auth/events", tokens));
        Assert.Equal((200, tokens.Session), (Mock.Log.Entries[^1].Status, Mock.Log.Entries[^1].SessionId));
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path) => Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);

    private Task<HttpResponseMessage> PreflightAsync() => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Options, "/api/public") { Headers = { { "Origin", "http://localhost:3000" }, { "Access-Control-Request-Method", "PUT" } } }, TestContext.Current.CancellationToken);
}
