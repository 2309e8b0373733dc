using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>8. The page is hidden for half an hour, which is several lives of a token.</summary>
public sealed class Scenario08HiddenTests(Laboratory laboratory)
{
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30), Life = TimeSpan.FromMinutes(5);

    [Theory, ClassData(typeof(Seeds))]
    public async Task Showing_RefreshesOnce_WhenThePagesWereHidden(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero, tokenLifetime: Life);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3));
        foreach (var tab in tabs) await tab.ShowAsync(false);

        await stage.PassAsync(HalfAnHour, TimeSpan.FromSeconds(stage.Dice.Next(20, 60)), tabs);
        Assert.Equal(0, stage.Refreshes);
        foreach (var tab in tabs) await tab.ShowAsync(true);
        await Stage.QuietAsync(tabs);

        Assert.Equal(1, stage.Refreshes);
        foreach (var tab in tabs) await tab.ExpectStateAsync("active");
        foreach (var tab in tabs) await tab.ExpectCallsAsync("200", 3);
        Assert.Equal(1, stage.Refreshes);
        Assert.DoesNotContain(stage.Mock.Log.Entries, entry => entry.Status == 401);
    }

    [Theory, ClassData(typeof(Seeds))]
    public async Task HiddenPages_RefreshOncePerLife_WhenTheyAreToldTo(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero, tokenLifetime: Life);
        var tabs = await stage.SignInAsync(2, new { refreshWhenHidden = true });
        foreach (var tab in tabs) await tab.ShowAsync(false);

        await stage.PassAsync(HalfAnHour, TimeSpan.FromSeconds(15), tabs);

        Assert.InRange(stage.Refreshes, 5, 8); // each a fifth of the life before its end, give or take the jitter
        foreach (var tab in tabs) await tab.ExpectStateAsync("active");
        await stage.ExpectOneLiveSessionAsync();
    }
}
