using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Symbolon.Testing;

namespace Symbolon.Scenarios.Lab;

/// <summary>The real server, and a person's browser with tabs on it. The server's list of events is the judge, and what left the browser.</summary>
public sealed class RealStage : Pages
{
    /// <summary>What is called there: it needs a token.</summary>
    public const string ProtectedPath = "/auth/session";

    private const string Password = "correct horse battery staple";
    private readonly ConcurrentQueue<string> refreshes = new();
    private readonly RealServer server;

    private RealStage(RealServer server, IBrowserContext context, int seed) : base(context, server.Address, seed)
    {
        this.server = server;
        context.Request += (_, request) =>
        {
            if (request.Url.EndsWith(RefreshPath, StringComparison.Ordinal)) refreshes.Enqueue(request.Method);
        };
    }

    /// <summary>How many refreshes have left the browser since the last sign-in.</summary>
    public int Refreshes => refreshes.Count;

    public Relay Relay => server.Relay;

    public static async Task<RealStage> OpenAsync(Laboratory laboratory, int seed, bool turnsClock = false)
    {
        var stage = new RealStage(await RealServer.StartAsync(), await laboratory.Browser.NewContextAsync(), seed);
        if (turnsClock) await stage.Context.Clock.InstallAsync();
        await stage.PrepareAsync(seed);
        return stage;
    }

    /// <summary>So many tabs in which a new account is signed in.</summary>
    public async Task<Tab[]> SignInAsync(int tabs = 1, object? options = null)
    {
        var all = new List<Tab> { await OpenTabAsync(options) };
        await all[0].RegisterAsync("ada", Password);
        while (all.Count < tabs) all.Add(await OpenTabAsync(options));
        foreach (var tab in all) await tab.ExpectStateAsync("active");
        await QuietAsync([.. all]);
        refreshes.Clear();
        return [.. all];
    }

    /// <summary>An administrator ends the session.</summary>
    public async Task EndAsync(Tab tab) => (await server.Admin.DeleteAsync($"/admin/sessions/{await SessionIdAsync(tab)}")).EnsureSuccessStatusCode();

    /// <summary>An administrator gives roles.</summary>
    public async Task SetRolesAsync(params string[] roles)
    {
        var users = await server.Admin.GetFromJsonAsync<JsonElement>("/admin/users?username=ada");
        var sub = users.GetProperty("items")[0].GetProperty("sub").GetString();
        (await server.Admin.PatchAsJsonAsync($"/admin/users/{sub}", new { roles })).EnsureSuccessStatusCode();
    }

    /// <summary>Nobody was taken for a thief.</summary>
    public async Task ExpectNoEndAsync(Tab tab) =>
        Assert.DoesNotContain(await EventsOfAsync(await SessionIdAsync(tab)), text => text.StartsWith("session_ended", StringComparison.Ordinal));

    /// <summary>What the administrator's event list says of a session, oldest first, such as <c>session_ended refresh_reuse</c>.</summary>
    public async Task<IReadOnlyList<string>> EventsOfAsync(string sid)
    {
        var page = await server.Admin.GetFromJsonAsync<JsonElement>($"/admin/events?sid={sid}");
        return [.. page.GetProperty("items").EnumerateArray().Select(item =>
            item.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String
                ? $"{item.GetProperty("kind").GetString()} {reason.GetString()}"
                : item.GetProperty("kind").GetString()!).Reverse()];
    }

    public static async Task<string> SessionIdAsync(Tab tab) => (await tab.AskAsync("() => lab.auth.state.session.sid")).GetString()!;

    private protected override ValueTask DisposeServerAsync() => server.DisposeAsync();
}
