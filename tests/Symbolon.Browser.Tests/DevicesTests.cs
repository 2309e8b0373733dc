using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Symbolon.Browser;

/// <summary>Two devices of one user: what one does, the other is told on its next call.</summary>
public sealed class DevicesTests(Chromium chromium) : PageTest(chromium)
{
    private Tab here = null!, there = null!;

    [Fact] public async Task SignOutDevice_SaysWhy_OnTheDevicesNextCall()
    {
        await SignInOnTwoAsync();

        await RowOf(await there.SessionIdAsync()).Locator("[part~=end]").ClickAsync();

        await Expect(here["[part~=device]"]).ToHaveCountAsync(1);
        await there.ExpectEndedOnNextCallAsync("This device was signed out from the list of devices.");
        await here.ExpectCallAsync("200", "accepted");
    }

    [Fact] public async Task SignOutDevice_SignsOutHere_WhenItIsThisOne()
    {
        await SignInOnTwoAsync();

        await RowOf(await here.SessionIdAsync()).Locator("[part~=end]").ClickAsync();

        await here.ExpectSignedOutAsync("This device was signed out from the list of devices.");
        await there.ExpectCallAsync("200", "accepted");
    }

    [Fact] public async Task SignOutOthers_LeavesThisOne()
    {
        await SignInOnTwoAsync();

        await here["[part~=others]"].ClickAsync();

        await Expect(here["#notice"]).ToHaveTextAsync("One other device is signed out.");
        await Expect(here["[part~=device]"]).ToHaveCountAsync(1);
        await Expect(here["[part~=others]"]).ToBeHiddenAsync();
        await there.ExpectEndedOnNextCallAsync("This device was signed out from the list of devices.");
        await here.ExpectCallAsync("200", "accepted");
    }

    [Fact] public async Task ChangePassword_SignsTheOtherDeviceOut_AndGivesThisOneANewSession()
    {
        var name = await SignInOnTwoAsync();
        var before = await here.SessionIdAsync();

        await here["#password-panel summary"].ClickAsync();
        await here["#current-password"].FillAsync(Tab.Password);
        await here["#new-password"].FillAsync("another sentence altogether");
        await here["#change-password-submit"].ClickAsync();

        await Expect(here["#notice"]).ToHaveTextAsync("The password is changed. Your other devices are signed out.");
        await Expect(here["#session-id"]).Not.ToHaveTextAsync(before);
        await Expect(here["[part~=device]"]).ToHaveCountAsync(1);
        await here.ExpectCallAsync("200", "accepted");
        await there.ExpectEndedOnNextCallAsync("The password was changed, so this device was signed out.");
        await there.SignInAsync(name, "another sentence altogether");
    }

    [Fact] public async Task RenameDevice_ShowsTheNameAsText_OnAllDevices()
    {
        await SignInOnTwoAsync();
        const string name = "<i>Kitchen</i> & sons";
        var row = RowOf(await there.SessionIdAsync());

        await row.Locator("[part~=rename]").ClickAsync();
        await row.Locator("input").FillAsync(name);
        await row.Locator("input").PressAsync("Enter");

        await Expect(row.Locator("[part~=name]")).ToHaveTextAsync(name);
        await Expect(row.Locator("[part~=rename]")).ToBeFocusedAsync();
        await there.ReloadDevicesAsync();
        await Expect(there["[part~=device] [part~=name]"].Filter(new() { HasText = name })).ToBeVisibleAsync();
    }

    [Fact] public async Task RenameDevice_ChangesNothing_WhenCancelled()
    {
        await SignInOnTwoAsync();
        var row = RowOf(await there.SessionIdAsync());

        await row.Locator("[part~=rename]").ClickAsync();
        await row.Locator("input").FillAsync("Cellar");
        await row.Locator("input").PressAsync("Escape");

        await Expect(row.Locator("[part~=rename]")).ToBeFocusedAsync();
        await here.ReloadDevicesAsync();
        await Expect(row.Locator("[part~=name]")).Not.ToHaveTextAsync("Cellar");
    }

    private ILocator RowOf(string sid) => here[$"[part~=device]:has(#name-{sid})"];

    private async Task<string> SignInOnTwoAsync()
    {
        here = await (await NewDeviceAsync()).OpenTabAsync();
        there = await (await NewDeviceAsync()).OpenTabAsync();
        var name = await here.SignUpAsync();
        await there.SignInAsync(name);
        await here.ReloadDevicesAsync();
        await Expect(here["[part~=device]"]).ToHaveCountAsync(2);
        return name;
    }
}
