using System.Collections.Concurrent;
using Microsoft.Playwright;
using Symbolon.Testing;

namespace Symbolon.Scenarios.Lab;

/// <summary>A person's browser: tabs of one origin that share a cookie jar and a storage. In the end no page may have had an error that nobody expected.</summary>
public abstract class Pages : IAsyncDisposable
{
    public const string RefreshPath = "/auth/refresh";
    private protected const string CookieName = "symbolon-rt";

    // Any page of the origin does: what the client does is in the page, not on it.
    private const string Somewhere = "/health/live";
    private static readonly TimeSpan Lull = TimeSpan.FromMilliseconds(10);
    private static readonly string Scripts = Path.Combine(AppContext.BaseDirectory, "Lab");

    private readonly ConcurrentQueue<string> errors = new();
    private readonly List<string> expected = [];
    private int pages;

    private protected Pages(IBrowserContext context, Uri address, int seed)
    {
        (Context, Address, Dice) = (context, address, new Random(seed));
        context.WebError += (_, error) => errors.Enqueue(error.Error);
    }

    public IBrowserContext Context { get; }

    /// <summary>Where the pages come from.</summary>
    public Uri Address { get; }

    /// <summary>What the scenario varies comes from here.</summary>
    public Random Dice { get; }

    /// <summary>An error with this text in a page is part of the scenario.</summary>
    public void Expect(string error) => expected.Add(error);

    /// <summary>Another tab, with the client mounted in it.</summary>
    /// <param name="options">Options of <c>createAuth</c> beside the address.</param>
    public async Task<Tab> OpenTabAsync(object? options = null)
    {
        var tab = await OpenEmptyTabAsync();
        await tab.MountAsync(options);
        return tab;
    }

    /// <summary>Another tab of the same origin, without a client.</summary>
    public async Task<Tab> OpenEmptyTabAsync()
    {
        var opened = await Context.NewPageAsync();
        await opened.AddInitScriptAsync($"window.__page = {++pages};");
        await opened.GotoAsync(new Uri(Address, Somewhere).AbsoluteUri);
        return new Tab(opened);
    }

    /// <summary>Waits until the tabs have nothing under way, and go on having nothing.</summary>
    public static async Task QuietAsync(params Tab[] tabs)
    {
        foreach (var tab in tabs)
        {
            var lulls = 0;
            await Patiently.TrueAsync(async () =>
            {
                lulls = await tab.IsQuietAsync() ? lulls + 1 : 0;
                if (lulls < 2) await Task.Delay(Lull);
                return lulls == 2;
            }, () => "the tab never came to rest");
        }
    }

    /// <summary>Completes when the tab's next refresh has left it.</summary>
    public static Task NextRefreshOf(Tab tab)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        tab.Page.Request += (_, request) =>
        {
            if (request.Url.EndsWith(RefreshPath, StringComparison.Ordinal)) sent.TrySetResult();
        };
        return sent.Task;
    }

    /// <summary>The refresh cookie, as the browser's own cookie manager sees it; null if there is none.</summary>
    public async Task<string?> CookieAsync() => (await Context.CookiesAsync()).SingleOrDefault(cookie => cookie.Name == CookieName)?.Value;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Context.DisposeAsync();
        await DisposeServerAsync();
        Assert.DoesNotContain(errors, error => !expected.Exists(part => error.Contains(part, StringComparison.Ordinal)));
    }

    private protected abstract ValueTask DisposeServerAsync();

    /// <summary>Prepares every page that will be opened. With <c>SYMBOLON_CLIENT</c>, the client comes from that folder: one that was broken on purpose, to see the scenario fail.</summary>
    /// <param name="script">Runs before the laboratory's own.</param>
    private protected async Task PrepareAsync(int seed, string? script = null)
    {
        if (script is not null) await Context.AddInitScriptAsync(script);
        await Context.AddInitScriptAsync($"window.__seed = {seed};");
        if (Environment.GetEnvironmentVariable("SYMBOLON_CLIENT") is { Length: > 0 } folder) await Context.RouteAsync("**/symbolon/*.js*", route => route.FulfillAsync(new()
        {
            ContentType = "text/javascript",
            Path = Path.Combine(folder, Path.GetFileName(new Uri(route.Request.Url).AbsolutePath)),
        }));
        foreach (var file in new[] { "lab.js", "locks.js" }) await Context.AddInitScriptAsync(scriptPath: Path.Combine(Scripts, file));
    }
}
