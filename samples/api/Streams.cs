using System.Net.WebSockets;
using Microsoft.AspNetCore.SignalR;
using Symbolon.AspNetCore;

namespace Orders;

/// <summary>Answers that stay open. Each ends when the session of its token does; only the event stream has something to say about it first.</summary>
internal static class Streams
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Server-sent events, one each second, and one when the session has ended.</summary>
    public static async Task EventsAsync(HttpContext http, TimeProvider time)
    {
        var connection = http.Features.Get<SymbolonConnection>()!;
        http.Response.ContentType = "text/event-stream";
        using var either = CancellationTokenSource.CreateLinkedTokenSource(connection.Ended, http.RequestAborted);
        while (!either.IsCancellationRequested)
        {
            await http.Response.WriteAsync($"data: {time.GetUtcNow():O}\n\n");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Tick, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (connection.Code is not null) await http.Response.WriteAsync($"event: ended\ndata: {connection.Code} {connection.Reason}\n\n");
    }

    /// <summary>A WebSocket that answers with what it is told. Nothing here is about sessions: it is closed from outside.</summary>
    public static async Task EchoAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), http.RequestAborted) is { MessageType: not WebSocketMessageType.Close } got)
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, http.RequestAborted);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, http.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // Whoever is at the other end has gone, or had to.
        }
    }

    /// <summary>A download without an end.</summary>
    public static async Task DownloadAsync(HttpContext http)
    {
        var block = new byte[64 * 1024];
        try
        {
            while (true) await http.Response.Body.WriteAsync(block, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // Cut off.
        }
    }
}

/// <summary>A SignalR hub; its token comes in the header or, from browsers, in the query.</summary>
internal sealed class OrdersHub : Hub
{
    /// <summary>Answers with who is asking.</summary>
    public string Say(string text) => $"{Context.User!.Subject()}: {text}";
}
