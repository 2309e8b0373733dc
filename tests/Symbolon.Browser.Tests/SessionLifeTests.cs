using static Microsoft.Playwright.Assertions;

namespace Symbolon.Browser;

/// <summary>A session's life as a user sees it, from sign-up to the deletion of the account.</summary>
public sealed class SessionLifeTests(Chromium chromium) : PageTest(chromium)
{
    [Fact] public async Task FirstVisit_AsksTheServerNothing()
    {
        var tab = await (await NewDeviceAsync()).OpenTabAsync();

        await Expect(tab["#traffic-empty"]).ToBeVisibleAsync();
        await Expect(tab["#sign-in"]).ToBeVisibleAsync();
        await Expect(tab["#session"]).ToBeHiddenAsync();
    }

    [Fact] public async Task SignUp_ShowsTheSession_AndProtectedCallsAreAccepted()
    {
        var tab = await (await NewDeviceAsync()).OpenTabAsync();
        await tab.ExpectCallAsync("401", "token_missing");

        var name = await tab.SignUpAsync();

        await tab.ExpectGenerationAsync(1);
        await Expect(tab["#ends"]).ToHaveTextAsync("in 90 days");
        await Expect(tab[".device"]).ToHaveCountAsync(1);
        await tab.ExpectCallAsync("200", "accepted");
        await tab["#call-me"].ClickAsync();
        await Expect(tab["#call-body"]).ToContainTextAsync($"\"username\": \"{name}\"");
    }

    [Fact] public async Task Refresh_MovesTheGeneration_AndKeepsTheSession()
    {
        var tab = await (await NewDeviceAsync()).OpenTabAsync();
        await tab.SignUpAsync();
        var sid = await tab.SessionIdAsync();

        await tab["#refresh"].ClickAsync();

        await tab.ExpectGenerationAsync(2);
        Assert.Equal(sid, await tab.SessionIdAsync());
        await tab.ExpectCallAsync("200", "accepted");
    }
}
