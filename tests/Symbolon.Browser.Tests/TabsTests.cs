using System.Globalization;
using static Microsoft.Playwright.Assertions;

namespace Symbolon.Browser;

/// <summary>
/// Tabs that refresh at once, are closed in mid-refresh or lose an answer, at a server that forgives nothing: whoever presents a token
/// twice without the attempt id of the first time is signed out.
/// </summary>
public sealed class TabsTests(Chromium chromium) : PageTest(chromium)
{
    private const int Rounds = 5;

    protected override Authority Authority => Chromium.Strict;

    [Fact] public async Task Refresh_IsExchangedOnce_WhenTwoTabsAskAtTheSameInstant()
    {
        var device = await NewDeviceAsync();
        var first = await device.OpenTabAsync();
        var name = await first.SignUpAsync();
        var second = await device.OpenTabAsync();
        await second.ExpectSignedInAsync(name);
        var before = device.Refreshes;

        for (var round = 0; round < Rounds; round++)
        {
            await RefreshAtOnceAsync(first, second);
            await Expect(second["#generation"]).ToHaveTextAsync(await first["#generation"].InnerTextAsync());
        }

        // One more than needed is no harm: a busy machine may take longer than a tab waits for the other's token.
        Assert.InRange(device.Refreshes - before, Rounds, Rounds + 1);
        await first.ExpectCallAsync("200", "accepted");
        await second.ExpectCallAsync("200", "accepted");
        await ExpectNoEndAsync(first);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task Reopening_GoesOn_WhenTheTabWasClosedInMidRefresh(bool delivered, bool keepAlive)
    {
        var device = await NewDeviceAsync();
        if (!keepAlive) await device.IgnoreKeepAliveAsync();
        var tab = await device.OpenTabAsync();
        var name = await tab.SignUpAsync();
        var sid = await tab.SessionIdAsync();

        var underWay = await tab.HoldRefreshesAsync(delivered);
        await tab["#refresh"].ClickAsync();
        await underWay;
        var unanswered = (await device.CookieAsync())!.Value;
        await tab.Page.CloseAsync();
        var sent = device.NextRefreshAsync();

        var reopened = await device.OpenTabAsync();
        await reopened.ExpectSignedInAsync(name);
        Assert.Equal(sid, await reopened.SessionIdAsync());
        // What was held may arrive by itself when its tab is closed. Then the jar has the answer's token, and the next one is the third.
        var generation = await sent == unanswered ? 2 : 3;
        await reopened.ExpectGenerationAsync(generation);
        await reopened["#refresh"].ClickAsync();
        await reopened.ExpectGenerationAsync(generation + 1);
        await reopened.ExpectCallAsync("200", "accepted");
        await ExpectNoEndAsync(reopened);
    }

    [Fact] public async Task Refresh_IsRepeatedHonestly_WhenItsAnswerWasLost()
    {
        var device = await NewDeviceAsync();
        var tab = await device.OpenTabAsync();
        await tab.SignUpAsync();
        device.Expect("net::ERR_CONNECTION_RESET");

        await tab.LoseNextAnswerAsync();
        await tab["#refresh"].ClickAsync();
        await tab.ExpectAnsweredAsync("POST /auth/refresh", "no answer");
        await Expect(tab["#status"]).ToHaveAttributeAsync("data-status", "active");
        await tab.ExpectGenerationAsync(2); // the page tries again by itself

        await tab["#refresh"].ClickAsync();
        await tab.ExpectGenerationAsync(3);
        await tab.ExpectCallAsync("200", "accepted");
        await ExpectNoEndAsync(tab);
    }

    [Fact] public async Task Reload_KeepsTheSession()
    {
        var device = await NewDeviceAsync();
        var tab = await device.OpenTabAsync();
        var name = await tab.SignUpAsync();
        var sid = await tab.SessionIdAsync();

        for (var generation = 2; generation <= 4; generation++)
        {
            await tab.ReloadAsync();
            await tab.ExpectSignedInAsync(name);
            await tab.ExpectGenerationAsync(generation);
        }

        Assert.Equal(sid, await tab.SessionIdAsync());
        await ExpectNoEndAsync(tab);
    }

    [Fact] public async Task SignOut_ReachesTheOtherTabs()
    {
        var device = await NewDeviceAsync();
        var first = await device.OpenTabAsync();
        var name = await first.SignUpAsync();
        var second = await device.OpenTabAsync();
        await second.ExpectSignedInAsync(name);

        await first["#sign-out"].ClickAsync();

        await second.ExpectSignedOutAsync("You are signed out.");
        await first.ExpectSignedOutAsync("You are signed out.");
        await second.SignInAsync(name);
        await first.ExpectSignedInAsync(name);
    }

    [Fact] public async Task Countdown_Falls_AndTheTokenIsRenewedBeforeItsEnd()
    {
        var device = await NewDeviceAsync();
        await device.Context.Clock.InstallAsync();
        var tab = await device.OpenTabAsync();
        await tab.SignUpAsync();
        var atFirst = await CountdownAsync(tab);
        Assert.InRange(atFirst, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));

        await tab.Page.Clock.FastForwardAsync("05:00");
        await tab.ExpectCallAsync("200", "accepted");
        await tab.ExpectGenerationAsync(1);
        Assert.InRange(await CountdownAsync(tab), TimeSpan.FromMinutes(4), atFirst - TimeSpan.FromMinutes(5));

        await tab.Page.Clock.FastForwardAsync("04:00");
        await tab.ExpectGenerationAsync(2);
        Assert.InRange(await CountdownAsync(tab), TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        await ExpectNoEndAsync(tab);
    }

    private static async Task RefreshAtOnceAsync(params Tab[] tabs)
    {
        // The tabs agree on an instant: clicks from outside reach one tab after the other.
        var now = await tabs[0].Page.EvaluateAsync<double>("Date.now()");
        await Task.WhenAll(tabs.Select(tab => tab.Page.EvaluateAsync(
            "at => new Promise(done => setTimeout(() => { document.querySelector('#refresh').click(); done(); }, at - Date.now()))", now + 200)));
        foreach (var tab in tabs) await Expect(tab["#refresh"]).Not.ToHaveAttributeAsync("aria-disabled", "true");
    }

    private static async Task<TimeSpan> CountdownAsync(Tab tab) =>
        TimeSpan.ParseExact(await tab["#countdown"].InnerTextAsync(), @"m\:ss", CultureInfo.InvariantCulture) is var left && left < TimeSpan.FromSeconds(1) ? TimeSpan.FromMinutes(10) : left;

    private async Task ExpectNoEndAsync(Tab tab) =>
        Assert.DoesNotContain(await Authority.EventsOfAsync(await tab.SessionIdAsync()), text => text.StartsWith("session_ended", StringComparison.Ordinal));
}
