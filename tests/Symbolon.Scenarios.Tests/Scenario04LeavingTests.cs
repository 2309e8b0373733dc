using Symbolon.Mock;
using Symbolon.Scenarios.Lab;
using Symbolon.Testing;

namespace Symbolon.Scenarios;

/// <summary>4. The page is left, or its tab is closed, in the middle of a refresh.</summary>
public sealed class Scenario04LeavingTests(Laboratory laboratory)
{
    [Theory, ClassData(typeof(Seeds))]
    public Task NextPage_IsSignedIn_WhenThePageIsLeftDuringARefresh(int seed) => LeaveAsync(seed, async (stage, tab) =>
    {
        await tab.Page.GotoAsync(new Uri(stage.Address, "/health/live?next").AbsoluteUri);
        await tab.MountAsync();
        return tab;
    });

    [Theory, ClassData(typeof(Seeds))]
    public Task NextPage_IsSignedIn_WhenTheTabIsClosedDuringARefresh(int seed) => LeaveAsync(seed, async (stage, tab) =>
    {
        await tab.Page.CloseAsync();
        return await stage.OpenTabAsync();
    });

    private async Task LeaveAsync(int seed, Func<Stage, Tab, Task<Tab>> leaveAsync)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tab = (await stage.SignInAsync())[0];
        var sent = Stage.NextRefreshOf(tab);
        stage.Delay(250, 350, times: 1);

        await tab.StartRefreshAsync();
        await sent;
        await tab.Page.EvaluateAsync("ms => new Promise(done => setTimeout(done, ms))", stage.Dice.Next(100));
        var next = await leaveAsync(stage, tab);

        await next.ExpectStateAsync("active");
        await next.ExpectCallsAsync("200");
        // The first answer's cookie was kept by the browser although its page was gone: the next refresh used its token, and did not ask for the first one's again.
        await Patiently.TrueAsync(async () => (await stage.SessionsAsync()).Single().Generation == 2, () => "the answer was lost with the page");
        Assert.Equal(2, stage.Refreshes);
        await stage.ExpectOneLiveSessionAsync();
    }
}
