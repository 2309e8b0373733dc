using Symbolon.Mock;
using Symbolon.Scenarios.Lab;
using Symbolon.Testing;

namespace Symbolon.Scenarios;

/// <summary>4. The page is left, or its tab is closed, in the middle of a refresh.</summary>
public sealed class Scenario04LeavingTests(Laboratory laboratory)
{
    [Theory, ClassData(typeof(Seeds))]
    public Task NextPage_IsSignedIn_WhenThePageIsLeftDuringARefresh(int seed) => LeaveAsync(seed, async (stage, tab, old) =>
    {
        await tab.Page.GotoAsync(new Uri(stage.Address, "/health/live?next").AbsoluteUri);
        await KeptAsync(stage, old);
        await tab.MountAsync();
        return tab;
    });

    [Theory, ClassData(typeof(Seeds))]
    public Task NextPage_IsSignedIn_WhenTheTabIsClosedDuringARefresh(int seed) => LeaveAsync(seed, async (stage, tab, old) =>
    {
        await tab.Page.CloseAsync();
        await KeptAsync(stage, old);
        return await stage.OpenTabAsync();
    });

    [Theory, ClassData(typeof(Seeds))]
    public async Task NextPage_IsSignedIn_WhenItAsksBeforeTheLeftOneIsAnswered(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tab = (await stage.SignInAsync())[0];
        var sent = Stage.NextRefreshOf(tab);
        await stage.DelayAsync(1000, 1500, times: 1);

        await tab.StartRefreshAsync();
        await sent;
        await tab.Page.GotoAsync(new Uri(stage.Address, "/health/live?next").AbsoluteUri);
        await tab.MountAsync();

        await tab.ExpectStateAsync("active");
        await tab.ExpectCallsAsync("200");
        await Patiently.TrueAsync(() => stage.Refreshes == 2, "both are answered");
        await tab.RefreshAsync();
        await stage.ExpectOneLiveSessionAsync();
    }

    // Nobody is left to hear the answer but the browser. It has it a moment after the server has sent it.
    private static Task KeptAsync(Stage stage, string? old) =>
        Patiently.TrueAsync(async () => await stage.CookieAsync() != old, () => $"the answer was lost with the page; {stage.Refreshes} refreshes");

    private async Task LeaveAsync(int seed, Func<Stage, Tab, string?, Task<Tab>> leaveAsync)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tab = (await stage.SignInAsync())[0];
        var old = await stage.CookieAsync();
        var sent = Stage.NextRefreshOf(tab);
        await stage.DelayAsync(250, 350, times: 1);

        await tab.StartRefreshAsync();
        await sent;
        await tab.Page.EvaluateAsync("ms => new Promise(done => setTimeout(done, ms))", stage.Dice.Next(100));
        var next = await leaveAsync(stage, tab, old);

        await next.ExpectStateAsync("active");
        await next.ExpectCallsAsync("200");
        // The first answer's cookie was kept by the browser although its page was gone: the next refresh used its token, and did not ask for the first one's again.
        await Patiently.TrueAsync(async () => (await stage.SessionsAsync()).Single().Generation == 2, () => "the answer was lost with the page");
        Assert.Equal(2, stage.Refreshes);
        await stage.ExpectOneLiveSessionAsync();
    }
}
