using Symbolon.Mock;
using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>5. The server rotates, and its answer is lost on the way.</summary>
public sealed class Scenario05LostAnswerTests(Laboratory laboratory)
{
    /// <summary>Beyond what the server forgives by itself: the overlap of ten minutes.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(15);

    [Theory, ClassData(typeof(Seeds))]
    public Task User_Stays_WhenTheAnswerIsLost(int seed) => LoseAsync(seed, TimeSpan.FromSeconds(5));

    [Theory, ClassData(typeof(Seeds))]
    public Task User_Stays_WhenTheAnswerIsLost_AndTheNextTryIsMuchLater(int seed) => LoseAsync(seed, Long);

    private async Task LoseAsync(int seed, TimeSpan pause)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3));
        var tab = tabs[stage.Dice.Next(tabs.Length)];

        await stage.FailAsync(MockFaultKind.LostResponse);
        await tab.StartRefreshAsync();
        await tab.ExpectEventsAsync("refresh-failed", 1);
        await stage.Context.SetOfflineAsync(true);
        await stage.PassAsync(pause, TimeSpan.FromMinutes(1), tabs);
        stage.Mock.Faults.Clear();
        await stage.Context.SetOfflineAsync(false);
        await stage.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(15), tabs);

        foreach (var one in tabs) await one.ExpectCallsAsync("200");
        await stage.ExpectOneLiveSessionAsync();
        Assert.Single(await tab.EventsAsync("refresh-failed"), told => told.GetProperty("attempt").GetInt32() == 1);

        // One line: what the lost answer carried leads nowhere, and the one that was taken goes on.
        await tab.RefreshAsync();
        foreach (var one in tabs) await one.ExpectCallsAsync("200");
        await stage.ExpectOneLiveSessionAsync();
    }
}
