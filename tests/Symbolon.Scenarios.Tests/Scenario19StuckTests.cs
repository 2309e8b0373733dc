using Symbolon.Mock;
using Symbolon.Scenarios.Lab;
using Symbolon.Testing;

namespace Symbolon.Scenarios;

/// <summary>19. Another tab is stuck with the lock, or crashes with it; a listener misbehaves; the client is made twice, or replaced again and again.</summary>
public sealed class Scenario19StuckTests(Laboratory laboratory)
{
    // Shorter than the default of 12 s, since it goes by a clock that no test turns.
    private static readonly object Impatient = new { lockTimeout = 1_000 };

    /// <summary>A page that holds every lock that the client's pages have ever asked for, and never lets go.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Refresh_GoesOnWithoutTheLock_WhenATabNeverLetsGo(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(2), Impatient);
        var holder = await stage.OpenEmptyTabAsync();
        foreach (var name in (await tabs[0].AskAsync("() => lab.lockNames")).EnumerateArray()) await holder.RunAsync("name => lab.holdLock(name)", name.GetString());
        await stage.Mock.ExpireAsync(MockExpiry.Access);

        await ExpectServedAsync(stage, tabs);
    }

    /// <summary>As a browser freezes tabs in the background: this one in the middle of its refresh.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Refresh_GoesOn_WhenATabIsFrozenInItsRefresh(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tabs = await stage.SignInAsync(2, Impatient);
        var frozen = await StopInRefreshAsync(stage, tabs[0]);
        var session = await stage.Context.NewCDPSessionAsync(frozen.Page);
        await session.SendAsync("Page.setWebLifecycleState", new Dictionary<string, object> { ["state"] = "frozen" });
        await stage.Mock.ExpireAsync(MockExpiry.Access);

        await ExpectServedAsync(stage, [tabs[1]]);
    }

    [Theory, ClassData(typeof(Seeds))]
    public async Task Refresh_GoesOn_WhenATabCrashesInItsRefresh(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tabs = await stage.SignInAsync(2, Impatient);
        var crashing = await StopInRefreshAsync(stage, tabs[0]);
        var crashed = new TaskCompletionSource();
        crashing.Page.Crash += (_, _) => crashed.TrySetResult();
        var session = await stage.Context.NewCDPSessionAsync(crashing.Page);
        _ = session.SendAsync("Page.crash").ContinueWith(task => task.Exception, TaskScheduler.Default); // there is nobody left to answer
        await crashed.Task;
        await crashing.Page.CloseAsync();
        await stage.Mock.ExpireAsync(MockExpiry.Access);

        await ExpectServedAsync(stage, [tabs[1]]);
    }

    [Theory]
    [InlineData("refreshed", "() => { throw new Error('on purpose') }")]
    [InlineData("refreshed", "() => new Promise(() => {})")]
    [InlineData("refreshed", "() => auth.refresh()")]
    [InlineData("refreshed", "async () => { await auth.token({ force: true }) }")]
    [InlineData("refresh-failed", "() => auth.refresh()")]
    public async Task Calls_GoOn_WhenAListenerMisbehaves(string name, string listener)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed: 1);
        stage.Expect("on purpose");
        var tab = (await stage.SignInAsync())[0];
        await tab.RunAsync($"name => {{ const {{ auth }} = lab; let told = 0; auth.on(name, () => {{ if (told++ < 3) return ({listener})(); }}) }}", name);
        if (name == "refresh-failed")
        {
            await stage.FailAsync(MockFaultKind.Status, times: 1);
            await tab.StartRefreshAsync();
            await tab.ExpectEventsAsync("refreshed", 1); // by itself, after the pause
        }

        for (var turn = 0; turn < 2; turn++)
        {
            await stage.Mock.ExpireAsync(MockExpiry.Access);
            await tab.ExpectCallsAsync("200", 10);
            await Stage.QuietAsync(tab);
        }

        Assert.InRange(stage.Refreshes, 2, 8);
        await stage.ExpectOneLiveSessionAsync();
    }

    /// <summary>As a framework mounts twice to find mistakes: the first client is disposed of at once.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Client_HasOneTimer_WhenItIsMountedTwice(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tab = (await stage.SignInAsync())[0];
        var once = await CensusAsync(tab);

        await tab.RunAsync("() => lab.auth.dispose()");
        await tab.MountAsync();
        await tab.ExpectStateAsync("active");

        Assert.Equal(once, await CensusAsync(tab));
        Assert.Equal(1, once.Timers);
        await stage.Mock.ExpireAsync(MockExpiry.Access);
        stage.Mock.Log.Clear();
        await tab.ExpectCallsAsync("200", 10);
        Assert.Equal(1, stage.Refreshes);
    }

    /// <summary>As in development: the module is loaded anew, and the old client is disposed of.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Client_LeavesNothingBehind_WhenItsModuleIsReplacedTwentyTimes(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tab = (await stage.SignInAsync())[0];
        var before = await CensusAsync(tab);

        for (var version = 1; version <= 20; version++)
            await tab.RunAsync("async version => { lab.auth.dispose(); await lab.mount({}, version) }", $"{version}");
        await tab.ExpectStateAsync("active");
        await Stage.QuietAsync(tab);

        Assert.Equal(before, await CensusAsync(tab));
        await tab.RunAsync("() => lab.auth.dispose()");
        Assert.Equal((0, 0), await CensusAsync(tab));
        await stage.ExpectOneLiveSessionAsync();
    }

    private static async Task<(int Timers, int Listeners)> CensusAsync(Tab tab)
    {
        var census = await tab.AskAsync("() => lab.census()");
        return (census.GetProperty("timers").GetInt32(), census.GetProperty("listeners").GetInt32());
    }

    /// <summary>The tab's refresh is under way and will not be answered.</summary>
    private static async Task<Tab> StopInRefreshAsync(Stage stage, Tab tab)
    {
        var sent = new TaskCompletionSource();
        await tab.Page.RouteAsync("**" + Stage.RefreshPath, _ => sent.TrySetResult());
        await tab.StartRefreshAsync();
        await sent.Task;
        return tab;
    }

    private static async Task ExpectServedAsync(Stage stage, Tab[] tabs)
    {
        var calls = await Task.WhenAll(tabs.Select(tab => tab.CallsAsync(5))).WaitAsync(Patiently.Patience);
        foreach (var statuses in calls) Assert.Equal(Enumerable.Repeat("200", 5), statuses);
        await stage.ExpectOneLiveSessionAsync();
    }
}
