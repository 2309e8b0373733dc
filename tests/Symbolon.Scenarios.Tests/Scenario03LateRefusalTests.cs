using Symbolon.Mock;
using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>3. One call is refused five seconds after the others have refreshed.</summary>
public sealed class Scenario03LateRefusalTests(Laboratory laboratory)
{
    [Theory, ClassData(typeof(Seeds))]
    public async Task Fetch_DoesNotRefreshAgain_WhenOneRefusalComesLate(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3));
        var tab = tabs[stage.Dice.Next(tabs.Length)];
        await stage.Mock.ExpireAsync(MockExpiry.Access);
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await tab.Page.RouteAsync("**/api/slow", async route =>
        {
            held.TrySetResult();
            await release.Task;
            await route.ContinueAsync();
        }, new() { Times = 1 });

        var slow = tab.CallAsync("/api/slow"); // leaves with the old token
        await held.Task;
        await tab.ExpectCallsAsync("200", 5);
        Assert.Equal(1, stage.Refreshes);
        await stage.PassAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        release.SetResult();

        Assert.Equal("200", await slow);
        Assert.Equal(2, stage.Mock.Log.Count("GET", "/api/slow")); // refused once, then with the token of the others
        Assert.Equal(1, stage.Refreshes);
    }
}
