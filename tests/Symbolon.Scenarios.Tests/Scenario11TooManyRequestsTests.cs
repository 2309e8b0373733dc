using Symbolon.Mock;
using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>11. Refreshes are answered 429 for a minute.</summary>
public sealed class Scenario11TooManyRequestsTests(Laboratory laboratory)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1), Minute = TimeSpan.FromMinutes(1);

    [Theory, ClassData(typeof(Seeds))]
    public async Task Calls_GoOnWithTheToken_WhileRefreshesAreRefused(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tab = (await stage.SignInAsync())[0];
        await stage.FailAsync(MockFaultKind.Status, status: 429);

        await tab.StartRefreshAsync();
        for (var waited = TimeSpan.Zero; waited < Minute; waited += Step)
        {
            if (stage.Dice.Next(3) == 0) await tab.ExpectCallsAsync("200", stage.Dice.Next(1, 4));
            await stage.PassAsync(Step, Step, tab);
        }

        // One try for each step of the back-off, none beside them: each failure says how long the next is waited for.
        var failures = await tab.EventsAsync("refresh-failed");
        Assert.NotEmpty(failures);
        Assert.Equal(stage.Refreshes, failures.Length);
        Assert.Equal(Enumerable.Range(1, failures.Length), failures.Select(told => told.GetProperty("attempt").GetInt32()));
        for (var i = 0; i < failures.Length; i++) Assert.InRange(failures[i].GetProperty("nextRetryMs").GetDouble(), 0, 50 + Math.Min(60_000, 500 * Math.Pow(2, i)));
        var tries = stage.Mock.Log.Entries.Where(entry => entry.Path == Stage.RefreshPath).ToArray();
        foreach (var ((before, after), told) in tries.Zip(tries.Skip(1)).Zip(failures))
            Assert.True(after.At - before.At >= TimeSpan.FromMilliseconds(told.GetProperty("nextRetryMs").GetDouble()) - Step, "a try came before its time");

        stage.Mock.Faults.Clear();
        await stage.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(15), tab);
        await tab.ExpectStateAsync("active");
        Assert.Contains(stage.Mock.Log.Entries, entry => entry.Path == Stage.RefreshPath && entry.Status == 200);
        await stage.ExpectOneLiveSessionAsync();
    }
}
