using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Mock.Control;

namespace Symbolon.Mock.Hosting;

/// <summary>The real Kestrel, which stays while worlds come and go behind it: a reset keeps the address and every connection.</summary>
internal sealed class Listener : IHttpApplication<WorldRequest>, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly WebApplication holder;
    private readonly IServer kestrel;
    private readonly Func<World> current;
    private readonly Connections connections;

    private Listener(WebApplication holder, IServer kestrel, Func<World> current, Connections connections) =>
        (this.holder, this.kestrel, this.current, this.connections) = (holder, kestrel, current, connections);

    /// <summary>Listens.</summary>
    /// <param name="urls">Where, each with a port: one that is not said was chosen by <see cref="FreePort"/> before.</param>
    /// <param name="current">The world that answers.</param>
    /// <param name="connections">Keeps the open connections.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="IOException">The address is taken, or cannot be had.</exception>
    public static async Task<Listener> StartAsync(IReadOnlyList<string> urls, Func<World> current, Connections connections, CancellationToken ct)
    {
        // Composed by the framework, though nothing of it but the server is used: one that is made by hand hands out empty memory to those who write before the answer has begun.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.ConfigureEndpointDefaults(endpoint => endpoint.Use(connections.Watch));
        });
        builder.Services.AddRouting();
        var made = builder.Build();
        var server = made.Services.GetRequiredService<IServer>();
        var addresses = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        foreach (var url in urls) addresses.Add(url);
        var listener = new Listener(made, server, current, connections);
        try
        {
            await server.StartAsync(listener, ct);
            return listener;
        }
        catch (SocketException e)
        {
            await made.DisposeAsync();
            throw new IOException($"The mock cannot listen on {string.Join(';', urls)}: {e.Message}.", e); // not this machine's address, or a port that needs rights
        }
        catch
        {
            await made.DisposeAsync();
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

    public WorldRequest CreateContext(IFeatureCollection contextFeatures)
    {
        connections.Begin(contextFeatures, ControlGuard.IsControl(contextFeatures.GetRequiredFeature<IHttpRequestFeature>().Path));
        return current().Begin(contextFeatures);
    }

    public Task ProcessRequestAsync(WorldRequest context) => context.ProcessAsync();

    public void DisposeContext(WorldRequest context, Exception? exception)
    {
        connections.End(context.Features);
        context.End(exception);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await kestrel.StopAsync(patience.Token);
        await holder.DisposeAsync();
    }
}
