using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;

namespace Symbolon.Edge.Processes;

/// <summary>Answers of the API that stay open until somebody closes them.</summary>
internal static class OpenRoutes
{
    /// <summary>Server-sent events; says good-bye.</summary>
    public static async Task EventsAsync(HttpContext http)
    {
        var connection = http.Features.Get<SymbolonConnection>()!;
        http.Response.ContentType = "text/event-stream";
        using var either = CancellationTokenSource.CreateLinkedTokenSource(connection.Ended, http.RequestAborted);
        await http.Response.WriteAsync("data: hello\n\n", CancellationToken.None);
        await http.Response.Body.FlushAsync(CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connection.Code is not null) await http.Response.WriteAsync($"data: {connection.Code} {connection.Reason}\n\n", CancellationToken.None);
    }

    /// <summary>A WebSocket that only listens.</summary>
    public static async Task SocketAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        try
        {
            while ((await socket.ReceiveAsync(new byte[1024].AsMemory(), http.RequestAborted)).MessageType != WebSocketMessageType.Close) { }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // closed from outside
        }
    }

    /// <summary>A download without an end.</summary>
    public static async Task DownloadAsync(HttpContext http)
    {
        try
        {
            while (true) await http.Response.Body.WriteAsync(new byte[16 * 1024], http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // cut
        }
    }
}
