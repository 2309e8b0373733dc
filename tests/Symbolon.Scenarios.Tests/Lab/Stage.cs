using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Symbolon.Mock;

namespace Symbolon.Scenarios.Lab;

/// <summary>A mock, and a person's browser with tabs on it. The mock's log is the judge.</summary>
public sealed class Stage : Pages
{
    private readonly HttpClient http;
    private readonly bool ownsMock;

    private Stage(SymbolonMock mock, bool ownsMock, IBrowserContext context, Uri address, int seed) : base(context, address, seed)
    {
        (Mock, this.ownsMock) = (mock, ownsMock);
        http = new HttpClient { BaseAddress = mock.Url };
    }

    public SymbolonMock Mock { get; }

    /// <summary>How many refreshes have reached the mock since the log was cleared.</summary>
    public int Refreshes => Mock.Log.Count("POST", RefreshPath);

    /// <summary>A scenario in a context of the laboratory's browser.</summary>
    /// <param name="clockAhead">Where the page's clock is given to the test: how far it is ahead of the server's. Null: the page's clock is the browser's.</param>
    /// <param name="host">Another name for the mock's address.</param>
    /// <param name="script">Runs in each page before anything else, to make it an odd place.</param>
    public static async Task<Stage> OpenAsync(
        Laboratory laboratory, int seed, TimeSpan? clockAhead = null, TimeSpan? tokenLifetime = null, string? host = null, string? script = null)
    {
        var mock = await MockAsync(seed, tokenLifetime);
        var context = await laboratory.Browser.NewContextAsync(new() { IgnoreHTTPSErrors = true });
        var stage = new Stage(mock, ownsMock: true, context, host is null ? mock.Url : new UriBuilder(mock.Url) { Host = host }.Uri, seed);
        // It goes on by itself, too: what waits for a few milliseconds does so.
        if (clockAhead is { } ahead) await context.Clock.InstallAsync(new() { TimeDate = (mock.Clock.Now + ahead).UtcDateTime });
        await stage.PrepareAsync(seed, script);
        return stage;
    }

    /// <summary>A scenario on a mock that outlives it, in a browser with a profile.</summary>
    public static async Task<Stage> OpenAsync(SymbolonMock mock, IBrowserContext context, int seed)
    {
        var stage = new Stage(mock, ownsMock: false, context, mock.Url, seed);
        await stage.PrepareAsync(seed);
        return stage;
    }

    public static Task<SymbolonMock> MockAsync(int seed, TimeSpan? tokenLifetime = null) => SymbolonMockFactory.StartAsync(options =>
    {
        options.Seed = seed;
        options.AccessTokenLifetime = tokenLifetime;
    });

    /// <summary>So many tabs in which somebody is signed in. The log then begins.</summary>
    public async Task<Tab[]> SignInAsync(int tabs = 1, object? options = null)
    {
        var all = new List<Tab> { await OpenTabAsync(options) };
        await all[0].LoginAsync();
        while (all.Count < tabs) all.Add(await OpenTabAsync(options));
        foreach (var tab in all) await tab.ExpectStateAsync("active");
        await QuietAsync([.. all]);
        Mock.Log.Clear();
        return [.. all];
    }

    /// <summary>Lets time pass at the server and in the pages: by steps as a clock does, or at once as in a sleep.</summary>
    public async Task PassAsync(TimeSpan time, TimeSpan? step = null, params Tab[] tabs)
    {
        for (var left = time; left > TimeSpan.Zero;)
        {
            var now = step is { } length && length < left ? length : left;
            Mock.Clock.Advance(now);
            if (step is null) await Context.Clock.FastForwardAsync((long)now.TotalMilliseconds);
            else await Context.Clock.RunForAsync((long)now.TotalMilliseconds);
            await QuietAsync(tabs);
            left -= now;
        }
    }

    /// <summary>Something goes wrong at the mock from now on.</summary>
    public Task FailAsync(MockFaultKind kind, string path = RefreshPath, int? times = null, int status = 503, TimeSpan? retryAfter = null) =>
        Mock.Faults.AddAsync(new MockFault { Kind = kind, Path = path, Times = times, Status = status, RetryAfter = retryAfter });

    /// <summary>Answers take so long from now on.</summary>
    public Task DelayAsync(int leastMs, int mostMs, string path = RefreshPath, int? times = null) => Mock.Faults.AddAsync(new MockFault
    {
        Kind = MockFaultKind.Delay,
        Path = path,
        Times = times,
        Delay = new(TimeSpan.FromMilliseconds(leastMs), TimeSpan.FromMilliseconds(mostMs)),
    });

    /// <summary>Somebody presents a refresh token from elsewhere, as a thief does.</summary>
    /// <returns>The answer's text, and the token that came with it.</returns>
    public async Task<(string Text, string? NewToken)> PresentAsync(string refreshToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "auth/refresh") { Content = JsonContent.Create(new { }) };
        message.Headers.Add("Cookie", $"{CookieName}={refreshToken}");
        message.Headers.Add("X-Symbolon", "1");
        using var answer = await http.SendAsync(message);
        var cookie = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.FirstOrDefault(text => text.StartsWith($"{CookieName}=", StringComparison.Ordinal)) : null;
        return (await answer.Content.ReadAsStringAsync(), cookie?[(CookieName.Length + 1)..].Split(';')[0]);
    }

    /// <summary>The sessions as the mock knows them: live, or the reason they ended for, and the generation.</summary>
    public async Task<IReadOnlyList<(bool Live, string? Reason, int Generation)>> SessionsAsync()
    {
        var state = await http.GetFromJsonAsync<JsonElement>("__mock/state");
        return [.. state.GetProperty("sessions").EnumerateArray().Select(session => (
            session.GetProperty("live").GetBoolean(),
            session.TryGetProperty("reason", out var reason) ? reason.GetString() : null,
            session.GetProperty("generation").GetInt32()))];
    }

    /// <summary>There was one log-in, and its session lives: nobody was taken for a thief, nobody had to sign in again.</summary>
    public async Task ExpectOneLiveSessionAsync()
    {
        var (live, reason, _) = Assert.Single(await SessionsAsync());
        Assert.True(live, $"the session ended: {reason}");
    }

    private protected override async ValueTask DisposeServerAsync()
    {
        http.Dispose();
        if (ownsMock) await Mock.DisposeAsync();
    }
}
