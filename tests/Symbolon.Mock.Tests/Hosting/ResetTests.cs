using System.Net.Http.Json;
using System.Text.Json;

namespace Symbolon.Mock.Tests.Hosting;

public class ResetTests : MockTest
{
    protected override void Configure(MockOptions options) => options.Faults.Add(new MockFault { Kind = MockFaultKind.Status, Path = "/api/broken", Times = 1 });

    [Fact]
    public async Task Reset_BeginsAnew_AtTheSameAddress_WithTheSameKeys()
    {
        var tokens = await Client.LogInAsync();
        var keys = await Client.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);
        await Mock.SetRolesAsync("user", ["admin"]);
        await Client.GetAsync("/api/broken").SaysAsync();
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Empty, Path = "/api/*" });
        Mock.Clock.Set(Mock.Clock.Now - TimeSpan.FromHours(1));
        await Client.ControlAsync("reset", "{}");

        Assert.Equal((401, "token_revoked"), await Client.GetAsync("/api/x", tokens).SaysAsync());
        Assert.Equal((401, "refresh_invalid"), await Client.RefreshAsync(tokens).SaysAsync());
        Assert.Equal(503, (await Client.GetAsync("/api/broken").SaysAsync()).Status);
        Assert.Equal(TimeSpan.Zero, Mock.Clock.Offset);
        Assert.Equal(3, Mock.Log.Entries.Count);
        var state = await Client.GetFromJsonAsync<JsonElement>("/__mock/state", TestContext.Current.CancellationToken);
        Assert.Empty(state.GetProperty("sessions").EnumerateArray());
        var user = Assert.Single(state.GetProperty("users").EnumerateArray(), user => user.GetProperty("username").GetString() == "user");
        Assert.Empty(user.GetProperty("roles").EnumerateArray());
        Assert.Equal(keys, await Client.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken));
        Assert.Equal((200, null), await Client.GetAsync("/api/x", await Client.LogInAsync()).SaysAsync());
    }

    [Fact]
    public async Task Reset_EndsStreamsOfBefore()
    {
        var tokens = await Client.LogInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/auth/events") { Headers = { { "Authorization", $"Bearer {tokens.Access}" } } };
        using var stream = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)stream.StatusCode);
        await Mock.ResetAsync(TestContext.Current.CancellationToken);
        await using var body = await stream.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        try
        {
            while (await body.ReadAsync(new byte[256], TestContext.Current.CancellationToken) > 0) { }
        }
        catch (IOException)
        {
            // cut: as good as ended
        }
    }

    [Fact]
    public async Task SameSeed_GivesTheSameKeysAndIds_AndAnotherOthers()
    {
        await using var same = await SymbolonMockFactory.StartAsync(ct: TestContext.Current.CancellationToken);
        await using var other = await SymbolonMockFactory.StartAsync(options => options.Seed = 2, TestContext.Current.CancellationToken);
        var (mine, theirs, others) = (await WhoAsync(Mock), await WhoAsync(same), await WhoAsync(other));
        Assert.Equal(mine, theirs);
        Assert.NotEqual(mine.Keys, others.Keys);
        Assert.NotEqual(mine.Subject, others.Subject);
    }

    private static async Task<(string Keys, string? Subject)> WhoAsync(SymbolonMock mock)
    {
        using var client = mock.CreateClient();
        using var me = await client.GetAsync("/api/me", await client.LogInAsync());
        return (await client.GetStringAsync("/.well-known/jwks.json"), (await me.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sub").GetString());
    }
}
