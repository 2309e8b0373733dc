using Symbolon.Mock;
using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>10. The server fails three times, then says to come back in twenty seconds, then works.</summary>
public sealed class Scenario10FailingServerTests(Laboratory laboratory)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(20), Step = TimeSpan.FromSeconds(1);

    [Theory, ClassData(typeof(Seeds))]
    public async Task Refresh_ComesBackWhenTheServerSaid_AfterFailures(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tab = (await stage.SignInAsync())[0];
        await stage.FailAsync(MockFaultKind.Status, times: 3, status: 500);
        await stage.FailAsync(MockFaultKind.Status, times: 1, status: 503, retryAfter: RetryAfter);

        await tab.StartRefreshAsync();
        for (var waited = 0; stage.Refreshes < 5; waited++)
        {
            Assert.InRange(waited, 0, 60);
            Assert.DoesNotContain("anonymous", await tab.StateAsync(), StringComparison.Ordinal);
            // The access token is good for minutes yet: calls go on, and press for no refresh.
            if (stage.Dice.Next(4) == 0) await tab.ExpectCallsAsync("200");
            await stage.PassAsync(Step, Step, tab);
        }

        var tries = stage.Mock.Log.Entries.Where(entry => entry.Path == Stage.RefreshPath).ToArray();
        Assert.Equal([500, 500, 500, 503, 200], tries.Select(entry => entry.Status));
        Assert.InRange(tries[4].At - tries[3].At, RetryAfter - Step, TimeSpan.FromSeconds(40));
        await tab.ExpectStateAsync("active");
        Assert.Empty(await tab.EventsAsync("signed-out"));
        await stage.ExpectOneLiveSessionAsync();
    }
}
