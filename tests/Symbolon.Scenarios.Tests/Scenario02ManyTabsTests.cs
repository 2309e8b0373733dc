using Symbolon.Mock;
using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>2. Six tabs with fifty calls each, at the same instant.</summary>
public sealed class Scenario02ManyTabsTests(Laboratory laboratory)
{
    private const int Tabs = 6, Calls = 50;
    private const string WithoutLocks = "delete Navigator.prototype.locks;";

    [Theory, ClassData(typeof(Seeds))]
    public async Task Fetch_RefreshesOnce_WhenSixTabsCallAtTheSameInstant(int seed) => Assert.Equal(1, await RefreshesAsync(seed, null));

    [Theory, ClassData(typeof(Seeds))]
    public async Task Fetch_RefreshesTwiceAtMost_WhenTheBrowserHasNoWebLocks(int seed) => Assert.InRange(await RefreshesAsync(seed, WithoutLocks), 1, 2);

    private async Task<int> RefreshesAsync(int seed, string? script)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, script: script);
        var tabs = await stage.SignInAsync(Tabs);
        await stage.Mock.ExpireAsync(MockExpiry.Access);
        await stage.DelayAsync(0, 100);

        // Each tab is called up by itself, so they agree on an instant, give or take what the seed says.
        var start = await tabs[0].NowAsync() + 300;
        await Task.WhenAll(tabs.Select(tab => tab.ExpectCallsAsync("200", Calls, at: start + stage.Dice.Next(20))));

        await Stage.QuietAsync(tabs);
        foreach (var tab in tabs) await tab.ExpectStateAsync("active");
        await stage.ExpectOneLiveSessionAsync();
        return stage.Refreshes;
    }
}
