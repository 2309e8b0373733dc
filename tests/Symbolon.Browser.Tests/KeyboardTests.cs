using static Microsoft.Playwright.Assertions;

namespace Symbolon.Browser;

/// <summary>Everything works without a pointer, and the focus is always seen and never lost.</summary>
public sealed class KeyboardTests(Chromium chromium) : PageTest(chromium)
{
    private const int MostSteps = 40;
    private Tab tab = null!;

    [Fact] public async Task Keyboard_IsEnough_FromSignUpToSignOut()
    {
        tab = await (await NewDeviceAsync()).OpenTabAsync();
        var name = Tab.NewName();

        await GoToAsync("show-sign-up");
        await PressAsync("Enter");
        await Expect(tab["#sign-up-username"]).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync(name);
        await GoToAsync("sign-up-password");
        await tab.Page.Keyboard.TypeAsync(Tab.Password);
        await PressAsync("Enter");
        await tab.ExpectSignedInAsync(name);
        await Expect(tab["#session-title"]).ToBeFocusedAsync();

        await GoToAsync("refresh");
        await PressAsync("Enter");
        await tab.ExpectGenerationAsync(2);
        await Expect(tab["#refresh"]).ToBeFocusedAsync();

        await GoToAsync("call-session");
        await PressAsync("Space");
        await Expect(tab["#call-status"]).ToHaveTextAsync("200");

        await GoToAsync("sign-out", "Shift+Tab");
        await PressAsync("Enter");
        await tab.ExpectSignedOutAsync("You are signed out.");
        await Expect(tab["#entry-title"]).ToBeFocusedAsync();
    }

    private Task PressAsync(string key) => tab.Page.Keyboard.PressAsync(key);

    /// <summary>Steps from one control to the next until this one has the focus; each that is passed must show it.</summary>
    private async Task GoToAsync(string id, string step = "Tab")
    {
        for (var steps = 0; steps < MostSteps; steps++)
        {
            await PressAsync(step);
            var focused = await tab.Page.EvaluateAsync<string[]>(
                "() => { const { id, tagName } = document.activeElement; return [id, tagName, getComputedStyle(document.activeElement).outlineStyle]; }");
            Assert.True(focused[1] is "BODY" || focused[2] is not "none", $"One does not see that {focused[1]} #{focused[0]} has the focus.");
            if (focused[0] == id) return;
        }

        Assert.Fail($"#{id} is not reached by {step}.");
    }
}
