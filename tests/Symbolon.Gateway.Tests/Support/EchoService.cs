using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Symbolon.Gateway.Support;

/// <summary>The service behind the proxy. It remembers what reached it.</summary>
internal sealed class EchoService : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Reached> reached = [];

    private EchoService()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.UseWebSockets();
        app.Run(async http =>
        {
            if (http.WebSockets.IsWebSocketRequest)
            {
                await EchoAsync(http);
                return;
            }

            using var reader = new StreamReader(http.Request.Body);
            Remember(http, await reader.ReadToEndAsync());
            http.Response.Headers["X-Service"] = "reached";
            http.Response.StatusCode = http.Request.Path == "/public/teapot" ? 500 : 200;
            await http.Response.WriteAsync("the service");
        });
    }

    public int Port => new Uri(app.Urls.Single()).Port;

    public static async Task<EchoService> StartAsync()
    {
        var service = new EchoService();
        await service.app.StartAsync();
        return service;
    }

    private void Remember(HttpContext http, string body)
    {
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        reached.Enqueue(new Reached(http.Request.Method, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, headers, body));
    }

    private async Task EchoAsync(HttpContext http)
    {
        Remember(http, "");
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        var received = await socket.ReceiveAsync(buffer, http.RequestAborted);
        await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, http.RequestAborted);
    }

    /// <summary>What has reached it since the last call.</summary>
    public IReadOnlyList<Reached> Take()
    {
        var all = new List<Reached>();
        while (reached.TryDequeue(out var one)) all.Add(one);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

/// <summary>A request that reached the service.</summary>
internal sealed record Reached(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>A header, or nothing.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}
