using System.Text.Json;
using Microsoft.Playwright;
using Symbolon.Testing;

namespace Symbolon.Scenarios.Lab;

/// <summary>A tab with the client under test, and what an application does with it.</summary>
public sealed class Tab(IPage page)
{
    // snake_case is not for the client's options: they are written as in JavaScript.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public IPage Page => page;

    /// <summary>Makes the client and waits until it knows whether somebody is signed in.</summary>
    /// <param name="options">Options of <c>createAuth</c> beside the address.</param>
    public Task MountAsync(object? options = null) => page.EvaluateAsync("async options => { await lab.mount(JSON.parse(options)) }", JsonSerializer.Serialize(options ?? new { }, Json));

    public Task LoginAsync(string username = "user", string? password = null) =>
        RunAsync("({ username, password }) => lab.auth.login({ username, password })", new { username, password = password ?? username });

    public Task RegisterAsync(string username, string password) =>
        RunAsync("input => lab.auth.login(input, { endpoint: 'register' })", new { username, password });

    /// <summary>Starts a refresh, whatever the token is good for yet, and does not wait for it.</summary>
    public Task StartRefreshAsync() => StartAsync("() => lab.auth.token({ force: true })");

    /// <summary>Refreshes, whatever the token is good for yet.</summary>
    public Task RefreshAsync() => RunAsync("() => lab.auth.token({ force: true })");

    /// <summary>Calls the API so often at once; the statuses, or for a call that threw the error.</summary>
    /// <param name="path">What is called; <c>{i}</c> stands for the call's number.</param>
    /// <param name="at">When, in the page's milliseconds; zero is now.</param>
    public async Task<string[]> CallsAsync(int count, string path = "/api/things/{i}", double at = 0)
    {
        var answers = await AskAsync("async ({ count, path, at }) => (await lab.calls(count, path, undefined, at)).map(String)", new { count, path, at });
        return answers.Deserialize<string[]>()!;
    }

    public async Task<string> CallAsync(string path = "/api/things/0") => (await CallsAsync(1, path)).Single();

    /// <summary>Calls and expects that every one is answered so.</summary>
    public async Task ExpectCallsAsync(string status, int count = 1, string path = "/api/things/{i}", double at = 0) =>
        Assert.Equal(Enumerable.Repeat(status, count), await CallsAsync(count, path, at));

    /// <summary>The status, such as <c>active</c>, or <c>anonymous logout</c> where there is a reason.</summary>
    public async Task<string> StateAsync()
    {
        var state = await AskAsync("() => ({ status: lab.auth.state.status, reason: lab.auth.state.reason ?? null })");
        return state.GetProperty("reason").GetString() is { } reason ? $"{state.GetProperty("status").GetString()} {reason}" : state.GetProperty("status").GetString()!;
    }

    /// <summary>Waits for a state, as <see cref="StateAsync"/> writes it.</summary>
    public async Task ExpectStateAsync(string expected)
    {
        var last = "";
        await Patiently.TrueAsync(async () => (last = await StateAsync()) == expected, () => $"the tab is {last}, not {expected}");
    }

    /// <summary>What was told under this name since the page was loaded, oldest first.</summary>
    public async Task<JsonElement[]> EventsAsync(string name)
    {
        var told = await AskAsync("name => lab.events.filter(e => e.name === name).map(e => e.detail ?? null)", name);
        return [.. told.EnumerateArray()];
    }

    /// <summary>Waits until it was told so often.</summary>
    public async Task ExpectEventsAsync(string name, int count) =>
        await Patiently.TrueAsync(async () => (await EventsAsync(name)).Length >= count, () => $"{name} was not told {count} times");

    /// <summary>Whether a request or the reading of an answer is under way.</summary>
    public async Task<bool> IsQuietAsync() => await page.EvaluateAsync<int>("() => lab.underWay") == 0;

    /// <summary>The page's clock, in milliseconds.</summary>
    public Task<double> NowAsync() => page.EvaluateAsync<double>("() => Date.now()");

    /// <summary>Hides or shows the tab, as far as the page can tell.</summary>
    public Task ShowAsync(bool visible) => page.EvaluateAsync("visible => lab.show(visible)", visible);

    /// <summary>Starts something and does not wait for it.</summary>
    public Task StartAsync(string script) => page.EvaluateAsync($"() => {{ ({script})().catch(() => {{}}) }}");

    /// <summary>Runs and waits, without an answer.</summary>
    public Task RunAsync(string script, object? argument = null) => page.EvaluateAsync($"async argument => {{ await ({script})(argument) }}", argument);

    /// <summary>Runs and waits; the answer as JSON.</summary>
    public async Task<JsonElement> AskAsync(string script, object? argument = null)
    {
        var text = await page.EvaluateAsync<string>($"async argument => JSON.stringify(await ({script})(argument) ?? null)", argument);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
