using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Symbolon.Mock.Hosting;

/// <summary>The real Kestrel, which stays while worlds come and go behind it: a reset keeps the address and every connection.</summary>
internal sealed class Listener : IHttpApplication<WorldRequest>, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly KestrelServer kestrel;
    private readonly Func<World> current;

    private Listener(KestrelServer kestrel, Func<World> current) => (this.kestrel, this.current) = (kestrel, current);

    /// <summary>Listens.</summary>
    /// <param name="urls">Where, each with a port: one that is not said was chosen by <see cref="FreePort"/> before.</param>
    /// <param name="current">The world that answers.</param>
    /// <param name="logs">For Kestrel's own messages.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<Listener> StartAsync(IEnumerable<string> urls, Func<World> current, ILoggerFactory logs, CancellationToken ct)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        var server = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), logs), logs);
        var addresses = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        foreach (var url in urls) addresses.Add(url);
        var listener = new Listener(server, current);
        try
        {
            await server.StartAsync(listener, ct);
            return listener;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A port that is free on this machine.</summary>
    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, port: 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public WorldRequest CreateContext(IFeatureCollection contextFeatures) => current().Begin(contextFeatures);

    public Task ProcessRequestAsync(WorldRequest context) => context.ProcessAsync();

    public void DisposeContext(WorldRequest context, Exception? exception) => context.End(exception);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await kestrel.StopAsync(patience.Token);
        kestrel.Dispose();
    }
}
