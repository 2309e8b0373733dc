using Symbolon.Mock;
using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>12. Somebody else answers: a captive portal with a page, or a proxy with a 401 of its own.</summary>
public sealed class Scenario12CaptivePortalTests(Laboratory laboratory)
{
    private static readonly (int Status, string Type, string Body)[] Foreign =
    [
        (401, "text/html", "<h1>Sign in to the network</h1>"),
        (401, "application/json", """{"error":"login_required","code":"session_over"}"""),
        (401, "application/problem+json", """{"type":"https://proxy.example/session_ended","title":"Unauthorized","status":401}"""),
        (403, "text/html", "<h1>Forbidden</h1>"),
        (200, "application/json", """{"welcome":"to our network"}"""),
    ];

    [Theory, ClassData(typeof(Seeds))]
    public async Task Session_IsKept_WhenAPortalAnswersWithAPage(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tab = (await stage.SignInAsync())[0];
        await stage.FailAsync(MockFaultKind.Html200, "*");
        await ExpectKeptAsync(stage, tab, stage.Mock.Faults.Clear);
    }

    [Theory, ClassData(typeof(Seeds))]
    public async Task Session_IsKept_WhenARefusalIsNotOurs(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero);
        var tab = (await stage.SignInAsync())[0];
        var isIn = true;
        await tab.Page.RouteAsync("**" + Stage.RefreshPath, async route =>
        {
            var (status, type, body) = Foreign[stage.Dice.Next(Foreign.Length)];
            if (isIn) await route.FulfillAsync(new() { Status = status, ContentType = type, Body = body });
            else await route.ContinueAsync();
        });
        await ExpectKeptAsync(stage, tab, () => isIn = false);
    }

    /// <summary>A 401 that is not ours is no reason to refresh: the application gets it as it is.</summary>
    [Theory, ClassData(typeof(Seeds))]
    public async Task Refusal_IsHandedOver_WhenItIsNotOurs(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tab = (await stage.SignInAsync())[0];
        await tab.Page.RouteAsync("**/api/foreign", route => route.FulfillAsync(new() { Status = 401, ContentType = "text/html", Body = "<h1>Sign in</h1>" }));

        await tab.ExpectCallsAsync("401", 3, "/api/foreign");

        Assert.Equal(0, stage.Refreshes);
        await tab.ExpectStateAsync("active");
    }

    private static async Task ExpectKeptAsync(Stage stage, Tab tab, Action leave)
    {
        await tab.StartRefreshAsync();
        await tab.ExpectEventsAsync("refresh-failed", 1);
        await stage.PassAsync(TimeSpan.FromMinutes(12), TimeSpan.FromSeconds(30), tab); // the token ends meanwhile
        Assert.Empty(await tab.EventsAsync("signed-out"));
        Assert.Empty(await tab.EventsAsync("login-needed"));
        Assert.DoesNotContain("anonymous", await tab.StateAsync(), StringComparison.Ordinal);

        leave();
        await stage.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(15), tab);
        await tab.ExpectStateAsync("active");
        await tab.ExpectCallsAsync("200");
        await stage.ExpectOneLiveSessionAsync();
    }
}
