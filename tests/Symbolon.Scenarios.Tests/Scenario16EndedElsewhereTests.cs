using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>16. An administrator ends the session while the page is open.</summary>
public sealed class Scenario16EndedElsewhereTests(Laboratory laboratory)
{
    /// <summary>The page's clock stands still meanwhile: it is told, and does not find out by looking.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Tabs_AreTold_WhenTheyListenToTheServersEvents(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3), new { events = "sse" });
        await stage.Context.Clock.PauseAtAsync(DateTimeOffset.FromUnixTimeMilliseconds((long)await tabs[0].NowAsync() + 5_000).UtcDateTime);

        await stage.Mock.RevokeAsync("user");

        foreach (var tab in tabs) await tab.ExpectStateAsync("anonymous ended_by_admin");
        foreach (var tab in tabs) Assert.Equal("ended_by_admin", Assert.Single(await tab.EventsAsync("signed-out")).GetProperty("reason").GetString());
        Assert.InRange(stage.Mock.Log.Count("GET", "/auth/events"), 0, 1); // one tab listens for all
    }

    [Theory, ClassData(typeof(Seeds))]
    public async Task Tabs_FindOutWithTheNextCall_WhenTheyDoNotListen(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3));

        await stage.Mock.RevokeAsync("user");
        await tabs[stage.Dice.Next(tabs.Length)].ExpectCallsAsync("401");

        foreach (var tab in tabs) await tab.ExpectStateAsync("anonymous ended_by_admin");
        Assert.InRange(stage.Refreshes, 0, 1);
        foreach (var tab in tabs) await tab.ExpectCallsAsync("401", 3);
        Assert.InRange(stage.Refreshes, 0, 1); // there is nothing left to refresh
    }
}
