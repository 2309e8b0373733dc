using Microsoft.Playwright;

namespace Symbolon.Browser;

/// <summary>What can happen to a refresh between the page and the server.</summary>
internal static class Wire
{
    private const string Refreshes = "**" + Device.RefreshPath;

    /// <summary>The tab's next refresh reaches the server, and its answer is lost: no token, no cookie.</summary>
    public static async Task LoseNextAnswerAsync(this Tab tab) =>
        await tab.Page.RouteAsync(Refreshes, async route =>
        {
            await DeliverAsync(route.Request, tab.Device);
            await route.AbortAsync("connectionreset");
        }, new() { Times = 1 });

    /// <summary>The tab's refreshes stay under way for ever.</summary>
    /// <param name="delivered">Whether they reach the server.</param>
    /// <returns>Completes when the first one is under way, and delivered if it is to be.</returns>
    public static async Task<Task> HoldRefreshesAsync(this Tab tab, bool delivered)
    {
        var underWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await tab.Page.RouteAsync(Refreshes, async route =>
        {
            if (delivered) await DeliverAsync(route.Request, tab.Device);
            underWay.TrySetResult();
        });
        return underWay.Task;
    }

    /// <summary>Makes the browser one that drops a page's requests with the page.</summary>
    public static Task IgnoreKeepAliveAsync(this Device device) => device.Context.RouteAsync("**/symbolon/renewal.js", async route =>
    {
        var module = await route.FetchAsync();
        var text = await module.TextAsync();
        Assert.Contains("keepalive: true", text, StringComparison.Ordinal);
        await route.FulfillAsync(new() { Response = module, Body = text.Replace("keepalive: true", "keepalive: false", StringComparison.Ordinal) });
    });

    /// <remarks>Not by Playwright's own fetch: it would put the answer's cookie into the jar.</remarks>
    private static async Task DeliverAsync(IRequest request, Device device)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Url) { Content = new ByteArrayContent(request.PostDataBuffer ?? []) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", request.Headers["content-type"]);
        message.Headers.TryAddWithoutValidation("Symbolon-Attempt", request.Headers["symbolon-attempt"]);
        message.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");
        message.Headers.TryAddWithoutValidation("Cookie", await device.CookieAsync() is { } cookie ? $"{cookie.Name}={cookie.Value}" : "");
        using var answer = await http.SendAsync(message);
        answer.EnsureSuccessStatusCode();
    }
}
