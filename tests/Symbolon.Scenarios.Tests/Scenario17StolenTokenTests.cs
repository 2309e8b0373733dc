using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>17. A refresh token was stolen and is used; the server says so.</summary>
public sealed class Scenario17StolenTokenTests(Laboratory laboratory)
{
    private static readonly TimeSpan BeyondTheOverlap = TimeSpan.FromMinutes(11);

    /// <summary>The thief has an old token: using it ends the session, and the tabs learn of it with their next call.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Tabs_AreSignedOut_WhenAThiefUsesAnOldToken(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tabs = await stage.SignInAsync(2 + stage.Dice.Next(2));
        var stolen = await stage.CookieAsync();
        for (var turn = 0; turn < 2; turn++) await tabs[stage.Dice.Next(tabs.Length)].RefreshAsync();
        await stage.PassAsync(BeyondTheOverlap, TimeSpan.FromMinutes(1), tabs);
        stage.Mock.Log.Clear();

        var (answer, _) = await stage.PresentAsync(stolen!);
        Assert.Contains("refresh_reuse", answer, StringComparison.Ordinal);
        await tabs[stage.Dice.Next(tabs.Length)].ExpectCallsAsync("401");

        await ExpectSignedOutAsync(stage, tabs, refreshes: 2);
    }

    /// <summary>The thief was quicker: the tabs' own token is the old one when they use it.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Tabs_AreSignedOut_WhenTheThiefWasQuicker(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tabs = await stage.SignInAsync(2 + stage.Dice.Next(2));
        for (var (token, turn) = (await stage.CookieAsync(), 0); turn < 3; turn++) (_, token) = await stage.PresentAsync(token!);
        stage.Mock.Clock.Advance(BeyondTheOverlap);
        stage.Mock.Log.Clear();

        await tabs[stage.Dice.Next(tabs.Length)].CallAsync();

        await ExpectSignedOutAsync(stage, tabs, refreshes: 1);
    }

    private static async Task ExpectSignedOutAsync(Stage stage, Tab[] tabs, int refreshes)
    {
        foreach (var tab in tabs) await tab.ExpectStateAsync("anonymous refresh_reuse");
        await stage.PassAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(15), tabs);
        foreach (var tab in tabs) await tab.ExpectCallsAsync("401", 2);

        Assert.InRange(stage.Refreshes, 1, refreshes); // no loop
        foreach (var tab in tabs) Assert.Equal("refresh_reuse", Assert.Single(await tab.EventsAsync("signed-out")).GetProperty("reason").GetString());
        Assert.Equal("refresh_reuse", Assert.Single(await stage.SessionsAsync()).Reason);
    }
}
