using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;

namespace Symbolon.Edge.Processes;

/// <summary>The smallest API that checks tokens, run as a process of its own. Beside its routes it shows what its view holds.</summary>
internal static class EdgeApi
{
    public const string Command = "api";

    /// <summary>The setting that has it reach the authority through a relay: its port.</summary>
    public const string Via = "Via";

    /// <summary>The setting that leaves what it logs to the configuration.</summary>
    public const string LogsAll = "LogsAll";

    /// <summary>Runs it until it is told to stop.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        if (!builder.Configuration.GetValue<bool>(LogsAll))
            builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information).AddFilter("Symbolon", LogLevel.Information);
        var via = builder.Configuration.GetValue<int?>(Via);
        builder.Services.AddAuthentication().AddSymbolon(options => options.BackchannelHttpHandler = via is { } port ? Through(port) : null);
        builder.Services.AddAuthorization();

        var app = builder.Build();
        app.MapGet("/orders", Served).RequireSymbolon();
        app.MapGet("/live", Served).RequireSymbolon(SymbolonMode.Live);
        app.MapGet("/offline", Served).RequireSymbolon(SymbolonMode.Offline);
        app.UseWebSockets();
        app.MapGet("/events", OpenRoutes.EventsAsync).RequireSymbolon();
        app.MapGet("/socket", OpenRoutes.SocketAsync).RequireSymbolon();
        app.MapGet("/download", OpenRoutes.DownloadAsync).RequireSymbolon();
        app.MapGet("/view", (IOptionsMonitor<SymbolonOptions> options) => ShownView.Of(options.Get(SymbolonDefaults.AuthenticationScheme)));
        await app.RunAsync();
        return 0;
    }

    // What is asked for stays the authority's own address; only the bytes go another way.
    private static SocketsHttpHandler Through(int relay) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, relay, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private static string Served(HttpContext http) => http.User.FindFirst(SymbolonDefaults.SessionClaim)?.Value ?? "";
}

/// <summary>What an API shows of its view.</summary>
/// <param name="Timeline">The timeline; null when a snapshot is needed.</param>
/// <param name="Seq">The number up to which everything is applied.</param>
/// <param name="AgeSeconds">How old it is; null when it was never current.</param>
/// <param name="Keys">How many keys it has.</param>
internal sealed record ShownView(string? Timeline, long Seq, double? AgeSeconds, int Keys)
{
    public static ShownView Of(SymbolonOptions options)
    {
        var sources = options.Check!.Sources;
        var (view, age) = (sources.Feed!.View, sources.Feed.Age);
        return new ShownView(view.Timeline, view.Seq, age == TimeSpan.MaxValue ? null : age.TotalSeconds, sources.Keys.Current?.Count ?? 0);
    }
}
