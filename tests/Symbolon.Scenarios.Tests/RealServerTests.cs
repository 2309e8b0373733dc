using Symbolon.Scenarios.Lab;
using Symbolon.Testing;

namespace Symbolon.Scenarios;

/// <summary>The scenarios that need no turned clock at the server, against the real one in a process of its own, with a relay before it.</summary>
public sealed class RealServerTests(Laboratory laboratory)
{
    /// <summary>2. The page's clock says that the token is over; the server's does not matter.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task ManyTabs_RefreshOnce(int seed)
    {
        await using var stage = await RealStage.OpenAsync(laboratory, seed, turnsClock: true);
        var tabs = await stage.SignInAsync(6);

        await stage.Context.Clock.FastForwardAsync("30:00");
        await Task.WhenAll(tabs.Select(tab => tab.ExpectCallsAsync("200", 50, RealStage.ProtectedPath)));

        await Pages.QuietAsync(tabs);
        Assert.Equal(1, stage.Refreshes);
        await stage.ExpectNoEndAsync(tabs[0]);
    }

    /// <summary>4.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task NextPage_IsSignedIn_WhenTheTabIsClosedDuringARefresh(int seed)
    {
        await using var stage = await RealStage.OpenAsync(laboratory, seed);
        var tab = (await stage.SignInAsync())[0];
        stage.Relay.Set(path => path.StartsWith(Pages.RefreshPath, StringComparison.Ordinal) ? Passage.Kept : Passage.Open);
        var sent = Pages.NextRefreshOf(tab);

        await tab.StartRefreshAsync();
        await sent;
        await tab.Page.CloseAsync();
        stage.Relay.Open();
        var next = await stage.OpenTabAsync();

        await next.ExpectStateAsync("active");
        await next.ExpectCallsAsync("200", 3, RealStage.ProtectedPath);
        await stage.ExpectNoEndAsync(next);
    }

    /// <summary>5. The server does not forgive a second use of a token by itself here: the attempt id does it.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task User_Stays_WhenTheAnswerIsLost(int seed)
    {
        await using var stage = await RealStage.OpenAsync(laboratory, seed);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3));
        var tab = tabs[stage.Dice.Next(tabs.Length)];
        var sid = await RealStage.SessionIdAsync(tab);
        var rotations = await RotationsAsync(stage, sid);
        stage.Relay.Set(path => path.StartsWith(Pages.RefreshPath, StringComparison.Ordinal) ? Passage.Kept : Passage.Open);

        await tab.StartRefreshAsync();
        await Patiently.TrueAsync(async () => await RotationsAsync(stage, sid) > rotations, () => "the server did not rotate");
        stage.Relay.Cut();
        stage.Relay.Open();

        foreach (var one in tabs) await one.ExpectCallsAsync("200", 3, RealStage.ProtectedPath);
        await Patiently.TrueAsync(async () => (await tab.AskAsync("() => lab.auth.refresh().then(r => r.status === 'refreshed')")).GetBoolean(), () => "no refresh any more");
        await stage.ExpectNoEndAsync(tab);
    }

    /// <summary>14.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Tab_WritesNothingBack_WhenAnotherLogsOutDuringItsRefresh(int seed)
    {
        await using var stage = await RealStage.OpenAsync(laboratory, seed);
        var tabs = await stage.SignInAsync(2);
        var sid = await RealStage.SessionIdAsync(tabs[0]);
        stage.Relay.Set(path => path.StartsWith(Pages.RefreshPath, StringComparison.Ordinal) ? Passage.Kept : Passage.Open);
        var sent = Pages.NextRefreshOf(tabs[1]);

        await tabs[1].StartRefreshAsync();
        await sent;
        await tabs[0].StartAsync("() => lab.auth.logout()");
        foreach (var tab in tabs) await tab.ExpectStateAsync("anonymous logout");
        stage.Relay.Open();

        await Pages.QuietAsync(tabs);
        await Patiently.TrueAsync(async () => (await stage.EventsOfAsync(sid)).Contains("session_ended logout"), () => "the server was not told");
        foreach (var tab in tabs) await tab.ExpectStateAsync("anonymous logout");
        Assert.StartsWith("anonymous", await (await stage.OpenTabAsync()).StateAsync(), StringComparison.Ordinal);
    }

    /// <summary>16.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Tabs_AreTold_WhenAnAdministratorEndsTheSession(int seed)
    {
        await using var stage = await RealStage.OpenAsync(laboratory, seed);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3), new { events = "sse" });

        await stage.EndAsync(tabs[0]);

        foreach (var tab in tabs) await tab.ExpectStateAsync("anonymous ended_by_admin");
    }

    /// <summary>18.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task NextCall_HasTheNewRole_WithoutALogIn(int seed)
    {
        await using var stage = await RealStage.OpenAsync(laboratory, seed);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3));
        await tabs[0].ExpectCallsAsync("403", 1, "/admin/users");

        await stage.SetRolesAsync("admin");
        foreach (var tab in tabs) await tab.ExpectCallsAsync("200", 3, "/admin/users");

        Assert.Equal(1, stage.Refreshes);
        await stage.ExpectNoEndAsync(tabs[0]);
    }

    private static async Task<int> RotationsAsync(RealStage stage, string sid) => (await stage.EventsOfAsync(sid)).Count(text => !text.StartsWith("session_ended", StringComparison.Ordinal));
}
