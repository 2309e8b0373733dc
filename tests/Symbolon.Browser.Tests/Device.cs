using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Symbolon.Browser;

/// <summary>How a browser is set up.</summary>
public sealed record Look(int Width, int Height, ColorScheme Scheme = ColorScheme.Light)
{
    public static Look Default { get; } = new(1280, 900);
}

/// <summary>A browser of one person: tabs that share a cookie jar and a storage. Collects what the tabs' consoles say.</summary>
public sealed class Device : IAsyncDisposable
{
    public const string RefreshPath = "/auth/refresh";
    private const string CookieName = "symbolon-rt";

    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly ConcurrentQueue<string> refreshes = new();
    private readonly List<string> expected = ["the server responded with a status of 401"];

    private Device(IBrowserContext context, Authority authority)
    {
        this.context = context;
        Authority = authority;
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Enqueue(message.Text);
        };
        context.WebError += (_, error) => complaints.Enqueue(error.Error);
        context.Request += (_, request) =>
        {
            if (request.Url.EndsWith(RefreshPath, StringComparison.Ordinal)) refreshes.Enqueue(request.Method);
        };
    }

    public Authority Authority { get; }

    public IBrowserContext Context => context;

    /// <summary>How many requests to exchange a refresh token have left.</summary>
    public int Refreshes => refreshes.Count;

    /// <summary>Errors and warnings that nobody expected: scripts that failed, policies that were violated, requests that were refused.</summary>
    public IEnumerable<string> Complaints => complaints.Where(text => !expected.Exists(part => text.Contains(part, StringComparison.Ordinal)));

    public static async Task<Device> OpenAsync(Chromium chromium, Authority authority, Look look, Uri address)
    {
        var opened = await chromium.NewContextAsync(new()
        {
            BaseURL = address.AbsoluteUri,
            ViewportSize = new() { Width = look.Width, Height = look.Height },
            ColorScheme = look.Scheme,
            Locale = "en-GB",
            ReducedMotion = ReducedMotion.Reduce,
        });
        opened.SetDefaultTimeout(10_000);
        return new Device(opened, authority);
    }

    /// <summary>A complaint with this text is part of the test.</summary>
    public void Expect(string complaint) => expected.Add(complaint);

    /// <summary>Opens the page in a new tab, and waits until it knows whether somebody is signed in.</summary>
    public async Task<Tab> OpenTabAsync()
    {
        var tab = new Tab(await context.NewPageAsync(), this);
        await tab.ReloadAsync();
        return tab;
    }

    /// <summary>The refresh token, as the browser's own cookie manager sees it; null if there is none.</summary>
    public async Task<BrowserContextCookiesResult?> CookieAsync() => (await context.CookiesAsync()).SingleOrDefault(cookie => cookie.Name == CookieName);

    /// <summary>The refresh token that the next exchange to leave has with it.</summary>
    public async Task<string?> NextRefreshAsync()
    {
        var sent = new TaskCompletionSource<IRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Request += (_, request) =>
        {
            if (request.Url.EndsWith(RefreshPath, StringComparison.Ordinal)) sent.TrySetResult(request);
        };
        var headers = await (await sent.Task).AllHeadersAsync();
        return headers["cookie"].Split("; ").Single(pair => pair.StartsWith(CookieName, StringComparison.Ordinal))[(CookieName.Length + 1)..];
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
