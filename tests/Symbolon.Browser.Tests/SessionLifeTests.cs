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
        await Expect(tab["[part~=device]"]).ToHaveCountAsync(1);
        await Expect(tab["[part~=others]"]).ToBeHiddenAsync();
        await tab.ExpectCallAsync("200", "accepted");
        await tab["#call-me"].ClickAsync();
        await Expect(tab["#call-body"]).ToContainTextAsync($"\"username\": \"{name}\"");
    }

    [Fact] public async Task SignUp_BlamesTheField_WhenTheNameIsTaken()
    {
        var device = await NewDeviceAsync();
        var tab = await device.OpenTabAsync();
        var name = await tab.SignUpAsync();
        await tab["#sign-out"].ClickAsync();
        await tab.ExpectSignedOutAsync("You are signed out.");
        device.Expect("status of 409");

        await tab["#show-sign-up"].ClickAsync();
        await tab["#sign-up-username"].FillAsync(name);
        await tab["#sign-up-password"].FillAsync(Tab.Password);
        await tab["#sign-up-submit"].ClickAsync();

        await Expect(tab["#sign-up-username"]).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(tab["#sign-up-username"]).ToBeFocusedAsync();
        await Expect(tab["#session"]).ToBeHiddenAsync();
    }

    [Fact] public async Task Page_WorksUnderAPathBase()
    {
        await using var authority = await Authority.StartAsync(("Symbolon:PathBase", "/id"));
        var tab = await (await NewDeviceAsync(address: new Uri(authority.Address, "/id/"))).OpenTabAsync();

        var name = await tab.SignUpAsync();
        await tab.ReloadAsync();

        await tab.ExpectSignedInAsync(name);
        await tab.ExpectCallAsync("200", "GET /id/auth/session: accepted");
        await tab.ExpectAnsweredAsync("GET /id/auth/session", "200");
        await Expect(tab["#call-me"]).ToHaveTextAsync("GET /id/auth/me");
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

    [Fact] public async Task SignIn_LastsAsLongAsTheBrowser_WhenNotRemembered()
    {
        var device = await NewDeviceAsync();
        var tab = await device.OpenTabAsync();
        var name = await tab.SignUpAsync();
        var remembered = await device.CookieAsync();
        await tab["#sign-out"].ClickAsync();
        await tab.ExpectSignedOutAsync("You are signed out.");
        await tab.ExpectAnsweredAsync("POST /auth/logout", "204");
        Assert.Null(await device.CookieAsync());

        await tab.SignInAsync(name, remember: false);

        await Expect(tab["#ends"]).ToHaveTextAsync("in 12 hours");
        Assert.True(remembered!.Expires > 0);
        Assert.Equal(-1, (await device.CookieAsync())!.Expires); // a session cookie: gone with the browser
    }

    [Fact] public async Task SignIn_SaysWhy_WhenThePasswordIsWrong()
    {
        var device = await NewDeviceAsync();
        var tab = await device.OpenTabAsync();

        await tab["#sign-in-username"].FillAsync(Tab.NewName());
        await tab["#sign-in-password"].FillAsync("not the password");
        await tab["#sign-in-submit"].ClickAsync();

        await Expect(tab["#sign-in .form-error"]).Not.ToBeEmptyAsync();
        await Expect(tab["#sign-in-username"]).Not.ToBeEmptyAsync(); // nobody likes to type it again
        Assert.Null(await device.CookieAsync());
    }

    [Fact] public async Task SignOut_EndsTheSessionAtTheServer()
    {
        var tab = await (await NewDeviceAsync()).OpenTabAsync();
        await tab.SignUpAsync();
        var sid = await tab.SessionIdAsync();

        await tab["#sign-out"].ClickAsync();

        await tab.ExpectSignedOutAsync("You are signed out.");
        await tab.ExpectAnsweredAsync("POST /auth/logout", "204");
        Assert.Contains("session_ended logout", await tab.Device.Authority.EventsOfAsync(sid));
        await tab.ExpectCallAsync("401", "token_missing");
    }

    [Fact] public async Task SignOutEverywhere_HasTheOldAccessTokenRefused()
    {
        var tab = await (await NewDeviceAsync()).OpenTabAsync();
        var other = await (await NewDeviceAsync()).OpenTabAsync();
        await other.SignInAsync(await tab.SignUpAsync());

        await tab["#sign-out-everywhere"].ClickAsync();

        await tab.ExpectSignedOutAsync("You are signed out everywhere. The access token from before gets 401 token_revoked.");
        await Expect(tab["#call-status"]).ToHaveTextAsync("401");
        await Expect(tab["#call-verdict"]).ToContainTextAsync("token_revoked");
        await other.ExpectEndedOnNextCallAsync("You are signed out everywhere.");
    }

    [Fact] public async Task DeleteAccount_SignsOut_AndTheAccountIsGone()
    {
        var device = await NewDeviceAsync();
        var tab = await device.OpenTabAsync();
        var name = await tab.SignUpAsync();

        await tab["#delete-panel summary"].ClickAsync();
        await tab["#delete-password"].FillAsync(Tab.Password);
        await tab["#delete-account-submit"].ClickAsync();

        await tab.ExpectSignedOutAsync("The account and its data are deleted.");
        Assert.Null(await device.CookieAsync());
        await tab["#sign-in-username"].FillAsync(name);
        await tab["#sign-in-password"].FillAsync(Tab.Password);
        await tab["#sign-in-submit"].ClickAsync();
        await Expect(tab["#sign-in .form-error"]).Not.ToBeEmptyAsync();
    }
}
