using Symbolon.Scenarios.Lab;
using Symbolon.Testing;

namespace Symbolon.Scenarios;

/// <summary>14. Somebody logs out in one tab while another refreshes.</summary>
public sealed class Scenario14LogoutDuringRefreshTests(Laboratory laboratory)
{
    [Theory, ClassData(typeof(Seeds))]
    public async Task Tab_WritesNothingBack_WhenAnotherLogsOutDuringItsRefresh(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tabs = await stage.SignInAsync(2);
        var (leaving, refreshing) = (tabs[0], tabs[1]);
        var sent = Stage.NextRefreshOf(refreshing);
        await stage.DelayAsync(200, 400, times: 1);

        await refreshing.StartRefreshAsync();
        await sent;
        await leaving.RunAsync("() => lab.auth.logout()");

        foreach (var tab in tabs) await tab.ExpectStateAsync("anonymous logout");
        await Patiently.TrueAsync(async () => (await stage.SessionsAsync()).All(session => !session.Live), () => "the server was not told");
        await Stage.QuietAsync(tabs);
        foreach (var tab in tabs) await tab.ExpectStateAsync("anonymous logout"); // after the refresh's answer, too
        foreach (var tab in tabs) await tab.ExpectCallsAsync("401");
        Assert.Equal("logout", Assert.Single(await stage.SessionsAsync()).Reason);
        Assert.Equal("null", (await refreshing.AskAsync("() => lab.auth.token()")).GetRawText());

        var next = await stage.OpenTabAsync();
        Assert.StartsWith("anonymous", await next.StateAsync(), StringComparison.Ordinal);
    }
}
