using Symbolon.Mock;
using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>20. Places where a browser gives less: a plain-HTTP address of the local network, blocked storage, the back-forward cache.</summary>
public sealed class Scenario20OddPlacesTests(Laboratory laboratory)
{
    private const string BlockedStorage = """
        for (const area of ['localStorage', 'sessionStorage']) Object.defineProperty(window, area, { get() { throw new DOMException('blocked', 'SecurityError'); } });
        """;

    private const string FullStorage = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };";

    [Theory, ClassData(typeof(Seeds))]
    public async Task TokenMode_Works_WhenTheContextIsNotSecure(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, host: Laboratory.NameInTheNetwork);
        var tabs = await stage.SignInAsync(2, new { mode = "token", storage = "local" });
        Assert.Equal("[false,\"undefined\",\"undefined\"]", (await tabs[0].AskAsync("() => [isSecureContext, typeof crypto.subtle, typeof navigator.locks]")).GetRawText());

        await stage.Mock.ExpireAsync(MockExpiry.Access);
        await Task.WhenAll(tabs.Select(tab => tab.ExpectCallsAsync("200", 20)));
        Assert.InRange(stage.Refreshes, 1, 2);

        await tabs[0].Page.ReloadAsync();
        await tabs[0].MountAsync(new { mode = "token", storage = "local" });
        await tabs[0].ExpectCallsAsync("200");
        await stage.ExpectOneLiveSessionAsync();
        await tabs[0].RunAsync("() => lab.auth.logout()");
        foreach (var tab in tabs) await tab.ExpectStateAsync("anonymous logout");
    }

    /// <summary>A cookie that scripts cannot read needs HTTPS: the server says so, and the client hands it on.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task CookieMode_FailsWithATypedError_WhenTheContextIsNotSecure(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, host: Laboratory.NameInTheNetwork);
        var tab = await stage.OpenTabAsync();

        var error = await tab.AskAsync("() => lab.auth.login({ username: 'user', password: 'user' }).then(() => null, e => ({ name: e.name, code: e.code }))");

        Assert.Equal("""{"name":"AuthError","code":"https_required"}""", error.GetRawText());
        Assert.StartsWith("anonymous", await tab.StateAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BlockedStorage)]
    [InlineData(FullStorage)]
    public async Task Client_Works_WhenStorageThrows(string script)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed: 1, script: script);
        var tab = (await stage.SignInAsync())[0];

        await stage.Mock.ExpireAsync(MockExpiry.Access);
        await tab.ExpectCallsAsync("200", 50);
        Assert.Equal(1, stage.Refreshes);

        await tab.RunAsync("() => lab.auth.logout()");
        await tab.ExpectStateAsync("anonymous logout");
        Assert.Equal("logout", Assert.Single(await stage.SessionsAsync()).Reason);
    }

    /// <summary>The page comes back as it was left, hours later: its timers stood still, and `pageshow` is the first that happens.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Page_RefreshesFirst_WhenItComesBackFromTheCache(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tab = (await stage.SignInAsync())[0];

        await tab.RunAsync("() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
        stage.Mock.Clock.Advance(TimeSpan.FromHours(1 + stage.Dice.Next(48)));
        await stage.Context.Clock.SetSystemTimeAsync(stage.Mock.Clock.Now.UtcDateTime);
        await tab.RunAsync("() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
        await tab.ExpectCallsAsync("200", 3);

        await Stage.QuietAsync(tab);
        Assert.Equal(1, stage.Refreshes);
        Assert.DoesNotContain(stage.Mock.Log.Entries, entry => entry.Status == 401);
    }
}
