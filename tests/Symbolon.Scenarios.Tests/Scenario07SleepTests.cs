using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>7. The laptop sleeps for eight hours; then there is a click.</summary>
public sealed class Scenario07SleepTests(Laboratory laboratory)
{
    private static readonly TimeSpan Night = TimeSpan.FromHours(8);

    /// <summary>The timers that were due fire first, as the system wakes.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Click_IsServed_WhenTimersFireOnWaking(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3));

        stage.Mock.Clock.Advance(Night);
        await stage.Context.Clock.FastForwardAsync((long)Night.TotalMilliseconds);
        await ExpectServedAsync(stage, tabs);
    }

    /// <summary>Timers do not count the sleep: the click is the first to look at the clock.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Click_IsServed_WhenItComesBeforeAnyTimer(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3));

        stage.Mock.Clock.Advance(Night);
        await stage.Context.Clock.SetSystemTimeAsync(stage.Mock.Clock.Now.UtcDateTime);
        await ExpectServedAsync(stage, tabs);
    }

    private static async Task ExpectServedAsync(Stage stage, Tab[] tabs)
    {
        await tabs[stage.Dice.Next(tabs.Length)].ExpectCallsAsync("200", 3);
        await Stage.QuietAsync(tabs);

        Assert.Equal(1, stage.Refreshes);
        Assert.DoesNotContain(stage.Mock.Log.Entries, entry => entry.Status == 401);
        await stage.ExpectOneLiveSessionAsync();
    }
}
