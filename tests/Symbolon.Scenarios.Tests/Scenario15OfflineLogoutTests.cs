using Symbolon.Scenarios.Lab;
using Symbolon.Testing;

namespace Symbolon.Scenarios;

/// <summary>15. Somebody logs out without a network while another tab is open.</summary>
public sealed class Scenario15OfflineLogoutTests(Laboratory laboratory)
{
    [Theory, ClassData(typeof(Seeds))]
    public async Task Logout_IsLocalAtOnce_AndReachesTheServerLater(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tabs = await stage.SignInAsync(2 + stage.Dice.Next(2));
        await stage.Context.SetOfflineAsync(true);

        await tabs[0].StartAsync("() => lab.auth.logout()");
        foreach (var tab in tabs) await tab.ExpectStateAsync("anonymous logout");
        Assert.True((await stage.SessionsAsync()).Single().Live, "the server cannot know yet");

        await stage.PassAsync(TimeSpan.FromMinutes(stage.Dice.Next(1, 30)), TimeSpan.FromMinutes(1), tabs);
        await stage.Context.SetOfflineAsync(false);
        await stage.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), tabs);

        await Patiently.TrueAsync(async () => !(await stage.SessionsAsync()).Single().Live, () => "the server was not told");
        Assert.Equal("logout", (await stage.SessionsAsync()).Single().Reason);
        foreach (var tab in tabs) await tab.ExpectStateAsync("anonymous logout");
        Assert.Equal(0, stage.Refreshes);
    }

    /// <summary>Nobody is left to wait for the network: the next page tells the server.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task NextPage_TellsTheServer_WhenTheTabWasClosedOffline(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tab = (await stage.SignInAsync())[0];
        await stage.Context.SetOfflineAsync(true);
        await tab.StartAsync("() => lab.auth.logout()");
        await tab.ExpectStateAsync("anonymous logout");
        await Stage.QuietAsync(tab);
        await tab.Page.CloseAsync();
        await stage.Context.SetOfflineAsync(false);

        var next = await stage.OpenTabAsync();
        Assert.StartsWith("anonymous", await next.StateAsync(), StringComparison.Ordinal);
        await Patiently.TrueAsync(async () => !(await stage.SessionsAsync()).Single().Live, () => "the server was not told");
    }
}
