using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Symbolon.Testing;
using static Microsoft.Playwright.Assertions;

namespace Symbolon.Browser;

/// <summary>
/// The page in each of its states, at a desk and on a phone, light and dark: nothing that axe calls serious, nothing wider than the
/// screen. The pictures are in <c>artifacts/screenshots</c>.
/// </summary>
public sealed class AppearanceTests(Chromium chromium) : PageTest(chromium)
{
    private static readonly string Pictures = Path.Combine(Repository.Root, "artifacts", "screenshots");
    private static readonly AxeRunOptions Violations = new() { ResultTypes = [ResultType.Violations] };
    private const int NarrowestForAxe = 390;
    private string look = "";
    private Tab tab = null!;

    [Theory]
    [InlineData(1280, 900, ColorScheme.Light, "alice", "Alice")]
    [InlineData(1280, 900, ColorScheme.Dark, "alice", "Alice")]
    [InlineData(390, 844, ColorScheme.Light, "alice", "Alice")]
    [InlineData(390, 844, ColorScheme.Dark, "alice", "Alice")]
    [InlineData(320, 640, ColorScheme.Light, "a-name-as-long-as-they-are-allowed-and-without-a-single-spa", "")]
    public async Task Page_IsAccessibleAndFits_InEachState(int width, int height, ColorScheme scheme, string name, string displayName)
    {
        look = $"{width}-{scheme}".ToLowerInvariant();
        name = $"{name}-{Guid.NewGuid().ToString("n")[..4]}";
        var device = await NewDeviceAsync(new Look(width, height, scheme));
        tab = await device.OpenTabAsync();
        await ExamineAsync("1-sign-in");

        await tab["#show-sign-up"].ClickAsync();
        await tab["#sign-up-email"].FillAsync("nobody");
        await tab["#sign-up-submit"].ClickAsync();
        await Expect(tab["#sign-up-username"]).ToHaveAttributeAsync("aria-invalid", "true");
        await ExamineAsync("2-sign-up");

        await tab.ReloadAsync();
        await tab.SignUpAsync(name, displayName);
        await (await (await NewDeviceAsync(new Look(width, height))).OpenTabAsync()).SignInAsync(name);
        await tab.ReloadDevicesAsync();
        await Expect(tab["[part~=device]"]).ToHaveCountAsync(2);
        await tab["[part~=device] [part~=rename]"].First.ClickAsync();
        await tab["[part~=device] input"].First.FillAsync("Kitchen tablet");
        await tab["[part~=device] input"].First.PressAsync("Enter");
        await Expect(tab["[part~=device] [part~=name]"].First).ToHaveTextAsync("Kitchen tablet");
        await tab.ExpectCallAsync("200", "accepted");
        await ExamineAsync("3-signed-in");

        await tab["[part~=device] [part~=rename]"].First.ClickAsync();
        await tab["[part~=device] input"].First.FillAsync("");
        await tab["[part~=device] input"].First.PressAsync("Enter");
        await tab["#password-panel summary"].ClickAsync();
        await tab["#current-password"].FillAsync("not the password");
        await tab["#new-password"].FillAsync(Tab.Password);
        await tab["#change-password-submit"].ClickAsync();
        await Expect(tab["#current-password-hint"]).ToHaveTextAsync("This is not your password.");
        await tab["#delete-panel summary"].ClickAsync();
        await ExamineAsync("4-forms");

        await tab["#sign-out-everywhere"].ClickAsync();
        await Expect(tab["#call-verdict"]).ToContainTextAsync("token_revoked");
        await ExamineAsync("5-signed-out");
    }

    private async Task ExamineAsync(string state)
    {
        await tab.Page.Mouse.MoveAsync(0, 0);
        await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{look}-{state}.png"), FullPage = true });
        var tooWide = await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(tooWide <= 0, $"{look}, {state}: {tooWide} px wider than the screen.");

        if (tab.Page.ViewportSize!.Width < NarrowestForAxe) return; // the same page as a little wider
        var axe = await tab.Page.RunAxe(Violations);
        var grave = axe.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .SelectMany(violation => violation.Nodes.Select(node => $"{look}, {state}: {violation.Id}: {violation.Help}: {node.Html}"));
        Assert.Empty(grave);
    }
}
