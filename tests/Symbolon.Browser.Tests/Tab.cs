using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Symbolon.Browser;

/// <summary>The page in one tab, and what a user does there.</summary>
public sealed class Tab(IPage page, Device device)
{
    public const string Password = "correct horse battery staple";

    public IPage Page => page;

    public Device Device => device;

    public ILocator this[string selector] => page.Locator(selector);

    public Task<string> SessionIdAsync() => page.Locator("#session-id").InnerTextAsync();

    /// <summary>Loads the page, and waits until it knows whether somebody is signed in.</summary>
    public async Task ReloadAsync()
    {
        await page.GotoAsync("");
        await Expect(page.Locator("#status")).Not.ToHaveAttributeAsync("data-status", "loading");
    }

    public async Task<string> SignUpAsync(string? username = null, string displayName = "")
    {
        username ??= NewName();
        await page.ClickAsync("#show-sign-up");
        await page.FillAsync("#sign-up-username", username);
        await page.FillAsync("#sign-up-password", Password);
        await page.FillAsync("#sign-up-display-name", displayName);
        await page.ClickAsync("#sign-up-submit");
        await ExpectSignedInAsync(username);
        return username;
    }

    public async Task SignInAsync(string username, string password = Password, bool remember = true)
    {
        await page.FillAsync("#sign-in-username", username);
        await page.FillAsync("#sign-in-password", password);
        await page.SetCheckedAsync("#sign-in-remember", remember);
        await page.ClickAsync("#sign-in-submit");
        await ExpectSignedInAsync(username);
    }

    public async Task ExpectSignedInAsync(string username)
    {
        await Expect(page.Locator("#status")).ToHaveTextAsync($"Signed in as {username}");
        await Expect(page.Locator("#countdown")).Not.ToHaveTextAsync("–");
    }

    public async Task ExpectSignedOutAsync(string notice)
    {
        await Expect(page.Locator("#status")).ToHaveTextAsync("Signed out");
        await Expect(page.Locator("#notice")).ToContainTextAsync(notice);
        await Expect(page.Locator("#sign-in")).ToBeVisibleAsync();
    }

    /// <summary>Calls a protected endpoint and expects what the page then shows.</summary>
    public async Task ExpectCallAsync(string status, string verdict)
    {
        await page.ClickAsync("#call-session");
        await Expect(page.Locator("#call-status")).ToHaveTextAsync(status);
        await Expect(page.Locator("#call-verdict")).ToContainTextAsync(verdict);
    }

    /// <summary>Has the list of devices ask the server again.</summary>
    public Task ReloadDevicesAsync() => page.EvaluateAsync("document.querySelector('#devices').reload()");

    public Task ExpectGenerationAsync(int generation) => Expect(page.Locator("#generation")).ToHaveTextAsync($"{generation}");

    /// <summary>A call that finds the session ended: the page then says why, and is signed out.</summary>
    public async Task ExpectEndedOnNextCallAsync(string notice)
    {
        await page.ClickAsync("#call-session");
        await ExpectSignedOutAsync(notice);
    }

    /// <summary>The page's own list of requests has this one; it is written when the answer is there.</summary>
    public Task ExpectAnsweredAsync(string request, string status) =>
        Expect(page.Locator("#traffic-list li").Filter(new() { HasText = request }).Filter(new() { HasText = status }).First).ToBeVisibleAsync();

    public static string NewName() => $"user-{Guid.NewGuid():n}"[..20];
}
