using System.Text.Json;
using Symbolon.Testing;

namespace Symbolon.Mock.Tests.Clock;

/// <summary>The engine under a clock that is turned.</summary>
public class TimeTests : MockTest
{
    protected override void Configure(MockOptions options) => options.AccessTokenLifetime = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task AccessToken_Expires_WhenItsLifeIsPassed()
    {
        var tokens = await Client.LogInAsync();
        Mock.Clock.Advance(TimeSpan.FromSeconds(58));
        Assert.Equal((200, null), await Client.GetAsync("/api/x", tokens).SaysAsync());
        Mock.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((401, "token_expired"), await Client.GetAsync("/api/x", tokens).SaysAsync());
    }

    [Fact]
    public async Task Session_IsOver_AfterFourteenDays()
    {
        var tokens = await Client.LogInAsync();
        Mock.Clock.Advance(TimeSpan.FromDays(13));
        using var refreshed = await Client.RefreshAsync(tokens);
        Assert.Equal(200, (int)refreshed.StatusCode);
        var next = Tokens.Of(JsonDocument.Parse(await refreshed.Content.ReadAsStringAsync()).RootElement);
        Mock.Clock.Advance(TimeSpan.FromDays(15));
        Assert.Equal((401, "session_expired"), await Client.RefreshAsync(next).SaysAsync()); // whether the sweep was there first or not
    }

    [Fact]
    public async Task AHundredDaysOn_TheEngineIsHealthy_AndItsKeysRotate()
    {
        Mock.Clock.Advance(TimeSpan.FromDays(100));
        Assert.Equal((200, null), await Client.GetAsync("/health/ready").SaysAsync());
        var before = await Client.LogInAsync();
        Assert.Equal((200, null), await Client.GetAsync("/api/x", before).SaysAsync());
        await Patiently.TrueAsync(async () => await CountKeysAsync() == 2, () => "No key was announced.");
        Mock.Clock.Advance(TimeSpan.FromMinutes(16));
        var after = await Client.LogInAsync();
        Assert.NotEqual(Header(before), Header(after));
        Assert.Equal((200, null), await Client.GetAsync("/api/x", after).SaysAsync());
    }

    [Fact]
    public async Task ClockInThePast_StillLogsIn()
    {
        Mock.Clock.Set(new DateTimeOffset(2020, 2, 29, 23, 59, 59, TimeSpan.Zero));
        var tokens = await Client.LogInAsync();
        Assert.Equal((200, null), await Client.GetAsync("/api/x", tokens).SaysAsync());
        Assert.Equal((200, null), await Client.RefreshAsync(tokens).SaysAsync());
        Assert.Equal((200, null), await Client.GetAsync("/health/ready").SaysAsync());
    }

    private async Task<int> CountKeysAsync() => JsonDocument.Parse(await Client.GetStringAsync("/.well-known/jwks.json")).RootElement.GetProperty("keys").GetArrayLength();

    private static string Header(Tokens tokens) => tokens.Access[..tokens.Access.IndexOf('.', StringComparison.Ordinal)];
}
