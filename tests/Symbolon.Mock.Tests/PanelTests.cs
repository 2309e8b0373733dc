using System.Net.Http.Json;
using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Symbolon.Chromium;
using static Microsoft.Playwright.Assertions;

namespace Symbolon.Mock.Tests;

/// <summary>The panel: each button does its thing, as the mock's own state says; nothing that axe finds, in both languages, at a desk and on a phone.</summary>
public sealed class PanelTests(PanelTests.Chrome chrome) : IClassFixture<PanelTests.Chrome>, IAsyncLifetime
{
    private readonly List<string> complaints = [];
    private IBrowserContext? context;
    private SymbolonMock mock = null!;
    private HttpClient http = null!;
    private IPage page = null!;

    public async ValueTask InitializeAsync()
    {
        mock = await SymbolonMockFactory.StartAsync();
        http = new HttpClient { BaseAddress = mock.Url };
    }

    public async ValueTask DisposeAsync()
    {
        if (context is not null) await context.DisposeAsync();
        http.Dispose();
        await mock.DisposeAsync();
        Assert.Empty(complaints);
    }

    [Theory]
    [InlineData(1280, "en-GB", ColorScheme.Light)]
    [InlineData(1280, "zh-CN", ColorScheme.Dark)]
    [InlineData(360, "en-GB", ColorScheme.Dark)]
    [InlineData(360, "zh-CN", ColorScheme.Light)]
    public async Task Panel_IsAccessibleAndFits(int width, string language, ColorScheme scheme)
    {
        await LogInAsync("user");
        await mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.LostResponse, Path = "/nowhere/with/a/path/as/long/as/they/come/and/without/a/space", Times = 1 });
        await http.GetAsync(new Uri("/api/orders/with/a/path/as/long/as/they/come/and/without/a/space", UriKind.Relative), Cancelled);
        await OpenAsync(width, language, scheme);
        await page.ClickAsync("summary");
        await Expect(page.Locator("#session-list li")).ToHaveCountAsync(1);
        await Expect(page.Locator("#fault-list li")).ToHaveCountAsync(1);
        await Expect(page.Locator("#log li")).ToHaveCountAsync(2);

        var axe = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });

        Assert.Empty(axe.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}: {node.Html}")));
        Assert.Equal(language[..2], (await page.GetAttributeAsync("html", "lang"))![..2]);
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, "It is wider than the screen.");
        Assert.Empty(await page.Locator("[data-text]:text-is('undefined')").AllAsync());
    }

    [Fact] public async Task Clock_IsTurned()
    {
        await OpenAsync();
        var before = mock.Clock.Now;

        await page.ClickAsync("[data-advance='1h']");
        await ExpectNoticeAsync("1h");
        await page.FillAsync("#advance-by", "1.5h");
        await page.PressAsync("#advance-by", "Enter");
        await ExpectNoticeAsync("1.5h");

        Assert.InRange(mock.Clock.Now - before, TimeSpan.FromHours(2.5), TimeSpan.FromHours(2.6));
        await Expect(page.Locator("#offset")).ToContainTextAsync("ahead");
    }

    [Fact] public async Task WrongLength_IsExplained_AndChangesNothing()
    {
        await OpenAsync();
        var before = mock.Clock.Now;
        complaints.Clear();

        await page.FillAsync("#advance-by", "a while");
        await page.PressAsync("#advance-by", "Enter");

        await Expect(page.Locator("#problem")).Not.ToBeEmptyAsync();
        await Expect(page.Locator("#advance-by")).ToHaveValueAsync("a while"); // nobody likes to type it again
        Assert.True(mock.Clock.Now - before < TimeSpan.FromHours(1));
        complaints.RemoveAll(text => text.Contains("400", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("#expire-access", null)]
    [InlineData("[data-part=expire-access]", null)]
    [InlineData("#expire-sessions", "inactivity")]
    [InlineData("[data-part=expire-session]", "inactivity")]
    [InlineData("#revoke-all", "refresh_reuse")]
    [InlineData("[data-part=revoke]", "refresh_reuse")]
    public async Task Sessions_ExpireAndEnd(string button, string? reason)
    {
        var token = await LogInAsync("user");
        await OpenAsync();
        await page.SelectOptionAsync("#revoke-reason", "refresh_reuse");

        await page.Locator(button).First.ClickAsync();
        await ExpectNoticeAsync("1");

        using var call = new HttpRequestMessage(HttpMethod.Get, "/api/orders");
        call.Headers.Authorization = new("Bearer", token);
        using var answer = await http.SendAsync(call, Cancelled);
        Assert.Equal(401, (int)answer.StatusCode);
        await Expect(page.Locator("#session-list .badge")).ToHaveTextAsync(reason ?? "live");
        await Expect(page.Locator("#session-list .actions")).ToBeVisibleAsync(new() { Visible = reason is null });
    }

    [Fact] public async Task Roles_AreSaved_AndWhatIsTypedIsNotWrittenOver()
    {
        await OpenAsync();
        var roles = page.Locator("[data-username=user] input");

        await roles.FillAsync("editor admin");
        await mock.SetRolesAsync("admin", ["other"]);
        await Expect(page.Locator("[data-username=admin] input")).ToHaveValueAsync("other"); // it has looked again meanwhile
        await Expect(roles).ToHaveValueAsync("editor admin");
        await roles.PressAsync("Enter");
        await ExpectNoticeAsync("editor");

        var user = (await StateAsync()).GetProperty("users").EnumerateArray().Single(user => user.GetProperty("username").GetString() == "user");
        Assert.Equal(["admin", "editor"], user.GetProperty("roles").EnumerateArray().Select(role => role.GetString()!).Order());
    }

    [Fact] public async Task Faults_AreAddedRemovedAndCleared()
    {
        await OpenAsync();

        await page.ClickAsync("[data-preset=loseRefresh]");
        await Expect(page.Locator("#fault-list li")).ToHaveCountAsync(1);
        Assert.Equal(new MockFault { Kind = MockFaultKind.LostResponse, Path = "/auth/refresh", Times = 1 }, mock.Faults.Items.Values.Single());

        await page.ClickAsync("summary");
        await page.SelectOptionAsync("#fault-kind", "status");
        foreach (var (field, value) in new[] { ("method", "GET"), ("path", "/api/*"), ("times", "2"), ("skip", "1"), ("probability", "0.5"), ("delay", "0..300ms"), ("status", "429"), ("retry-after", "20") })
            await page.FillAsync($"#fault-{field}", value);
        await page.ClickAsync("#add-fault-submit");
        await Expect(page.Locator("#fault-list li")).ToHaveCountAsync(2);
        Assert.Equal(
            new MockFault
            {
                Kind = MockFaultKind.Status, Method = "GET", Path = "/api/*", Times = 2, Skip = 1, Probability = .5, Delay = new MockDelay(TimeSpan.Zero, TimeSpan.FromMilliseconds(300)),
                Status = 429, RetryAfter = TimeSpan.FromSeconds(20),
            },
            mock.Faults.Items.Values.Last());

        await page.Locator("[data-part=remove]").First.ClickAsync();
        await Expect(page.Locator("#fault-list li")).ToHaveCountAsync(1);
        Assert.Equal(MockFaultKind.Status, mock.Faults.Items.Values.Single().Kind);

        await page.ClickAsync("#clear-faults");
        await Expect(page.Locator("#fault-list li")).ToHaveCountAsync(0);
        Assert.Empty(mock.Faults.Items);
    }

    [Fact] public async Task Log_FollowsWhatIsAsked_AndIsCleared()
    {
        await OpenAsync();

        await LogInAsync("admin");
        await Expect(page.Locator("#log li")).ToContainTextAsync(["POST /auth/login (admin)"]);
        await Expect(page.Locator("#counts li")).ToHaveTextAsync(["POST /auth/login 1"]);

        await page.ClickAsync("#clear-log");
        await Expect(page.Locator("#log li")).ToHaveCountAsync(0);
        Assert.Empty(mock.Log.Entries);
    }

    [Fact] public async Task Reset_IsTheStartAgain()
    {
        await LogInAsync("user");
        await mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Html200, Path = "/nowhere" });
        mock.Clock.Advance(TimeSpan.FromDays(1));
        await OpenAsync();
        await Expect(page.Locator("#session-list li")).ToHaveCountAsync(1);

        await page.ClickAsync("#reset");
        await ExpectNoticeAsync("start");

        var state = await StateAsync();
        Assert.Equal(0, state.GetProperty("sessions").GetArrayLength() + state.GetProperty("faults").GetArrayLength());
        await Expect(page.Locator("#session-list li")).ToHaveCountAsync(0);
        await Expect(page.Locator("#offset")).ToHaveTextAsync("real time");
    }

    [Fact] public async Task Language_IsSwitched_AndRemembered()
    {
        await OpenAsync();

        await page.ClickAsync("#language");
        await Expect(page.Locator("#clock-title")).ToHaveTextAsync("时钟");
        await page.ReloadAsync();

        await Expect(page.Locator("#clock-title")).ToHaveTextAsync("时钟");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-Hans");
    }

    [Fact] public async Task Connection_IsShown_WhenTheMockIsGone()
    {
        await OpenAsync();
        await page.RouteAsync("**/__mock/state", route => route.AbortAsync());

        await Expect(page.Locator("#connection")).ToHaveAttributeAsync("data-state", "away");
        await page.UnrouteAsync("**/__mock/state");

        await Expect(page.Locator("#connection")).ToHaveAttributeAsync("data-state", "live");
        complaints.RemoveAll(text => text.Contains("ERR_FAILED", StringComparison.Ordinal));
    }

    [Fact] public async Task Panel_IsFoundWithoutTheSlash_AndRunsNothingInline()
    {
        using var answer = await http.GetAsync(new Uri("/__mock", UriKind.Relative), Cancelled);

        Assert.Equal("/__mock/", answer.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Contains("script-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Empty(mock.Log.Entries);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private async Task OpenAsync(int width = 1280, string language = "en-GB", ColorScheme scheme = ColorScheme.Light)
    {
        context = await chrome.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, Locale = language, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(10_000);
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        context.WebError += (_, error) => complaints.Add(error.Error);
        page = await context.NewPageAsync();
        await page.GotoAsync($"{mock.Url}__mock/");
        await Expect(page.Locator("#connection")).ToHaveAttributeAsync("data-state", "live");
    }

    private Task ExpectNoticeAsync(string text) => Expect(page.Locator("#notice")).ToContainTextAsync(text);

    private async Task<JsonElement> StateAsync() => await http.GetFromJsonAsync<JsonElement>("/__mock/state", Cancelled);

    private async Task<string> LogInAsync(string name)
    {
        using var answer = await http.PostAsJsonAsync("/auth/login", new { username = name, password = name }, Cancelled);
        var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        return body.GetProperty("access_token").GetString()!;
    }

    /// <summary>One browser for all of them.</summary>
    public sealed class Chrome : IAsyncLifetime
    {
        private ChromiumProgram program = null!;

        public IBrowser Browser { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            program = await ChromiumProgram.PrepareAsync();
            Browser = await program.LaunchAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Browser.DisposeAsync();
            await program.DisposeAsync();
        }
    }
}
