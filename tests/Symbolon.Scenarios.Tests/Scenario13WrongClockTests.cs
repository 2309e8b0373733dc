using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>13. The device's clock is wrong, or is set while the page is open.</summary>
public sealed class Scenario13WrongClockTests(Laboratory laboratory)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5), Step = TimeSpan.FromSeconds(30);

    public static TheoryData<double, int> Wrong => Each([65, -65, 365 * 24 * 60]);

    public static TheoryData<double, int> Steps => Each([65, -65]);

    [Theory, MemberData(nameof(Wrong))]
    public async Task Refresh_HappensOncePerLife_WhenTheClockIsWrong(double minutes, int seed)
    {
        var ahead = TimeSpan.FromMinutes(minutes);
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: ahead, tokenLifetime: Life);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(2));

        await stage.PassAsync(3 * Life, Step, tabs);
        foreach (var tab in tabs) await tab.ExpectCallsAsync("200", 3);

        Assert.InRange(stage.Refreshes, 2, 4); // each comes a minute before the end
        var skew = Assert.Single((await tabs[0].EventsAsync("clock-skew")).Select(told => Math.Round(told.GetProperty("ms").GetDouble() / 60_000)).Distinct());
        Assert.Equal(minutes, Math.Abs(skew) * Math.Sign(minutes), 1.0);
        Assert.DoesNotContain(stage.Mock.Log.Entries, entry => entry.Status == 401);
        await stage.ExpectOneLiveSessionAsync();
    }

    [Theory, MemberData(nameof(Steps))]
    public async Task Refresh_HappensOncePerLife_WhenTheClockIsSetWhileThePageIsOpen(double minutes, int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero, tokenLifetime: Life);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(2));
        await stage.PassAsync(TimeSpan.FromSeconds(stage.Dice.Next(30, 200)), Step, tabs);

        await stage.Context.Clock.SetSystemTimeAsync((stage.Mock.Clock.Now + TimeSpan.FromMinutes(minutes)).UtcDateTime);
        await stage.PassAsync(3 * Life, Step, tabs);
        foreach (var tab in tabs) await tab.ExpectCallsAsync("200", 3);

        Assert.InRange(stage.Refreshes, 2, 5); // one because no deadline could be trusted, then one per life
        Assert.Contains((await Task.WhenAll(tabs.Select(tab => tab.EventsAsync("clock-skew")))).SelectMany(told => told), told => Math.Abs(told.GetProperty("ms").GetDouble()) > 60_000);
        Assert.DoesNotContain(stage.Mock.Log.Entries, entry => entry.Status == 401);
        await stage.ExpectOneLiveSessionAsync();
    }

    private static TheoryData<double, int> Each(double[] minutes)
    {
        var all = new TheoryData<double, int>();
        foreach (var one in minutes)
            foreach (var seed in new Seeds()) all.Add(one, seed.Data);
        return all;
    }
}
