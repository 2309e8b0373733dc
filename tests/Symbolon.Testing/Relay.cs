using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Symbolon.Testing;

/// <summary>A loopback TCP relay between a verifier and the authority, which goes wrong on demand. It tells requests apart by their path, so that one kind may pass and another may not.</summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, port: 0);
    private readonly ConcurrentDictionary<RelayedConnection, byte> connections = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly int target;
    private readonly Task accepting;
    private volatile RelayRules rules = new(_ => Passage.Open, TimeSpan.Zero);

    private Relay(int target)
    {
        this.target = target;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>The open connections whose last request had this path's beginning.</summary>
    public int Count(string path) => connections.Keys.Count(connection => connection.Path.StartsWith(path, StringComparison.Ordinal));

    /// <summary>Starts one to a port of this machine; nobody needs to listen there yet.</summary>
    public static Relay To(int port) => new(port);

    /// <summary>Everything passes again; what was held or kept is delivered, in order.</summary>
    public void Open() => Set(_ => Passage.Open);

    /// <summary>All connections are reset, and every new one.</summary>
    public void Cut() => Set(_ => Passage.Refused);

    /// <summary>All connections stand, and nothing passes.</summary>
    public void HalfOpen() => Set(_ => Passage.Held);

    /// <summary>The open connections stand, and nothing ever passes them again, as after a firewall that has lost its memory; new ones are as before.</summary>
    public void Forget()
    {
        foreach (var connection in connections.Keys) connection.Forget();
    }

    /// <summary>Has the fate of requests depend on their path, from now on.</summary>
    public void Set(Func<string, Passage> passage, TimeSpan delay = default)
    {
        var before = rules;
        rules = new RelayRules(passage, delay);
        before.Changed.SetResult();
        foreach (var connection in connections.Keys) connection.Obey();
    }

    /// <summary>Delivers a server-sent event that the authority did not send now, on each open answer of the path; answers on how many.</summary>
    public async Task<int> ReplayAsync(string path, string text)
    {
        var count = 0;
        foreach (var connection in connections.Keys.Where(connection => connection.Path.StartsWith(path, StringComparison.Ordinal)))
            if (await connection.InsertAsync(text, stopping.Token)) count++;
        return count;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(connections.Keys.Select(connection => connection.Running));
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(stopping.Token);
                var connection = new RelayedConnection(client, () => rules);
                connections[connection] = 0;
                connection.Run(target, () => connections.TryRemove(connection, out _), stopping.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }
}

/// <summary>What holds now.</summary>
internal sealed record RelayRules(Func<string, Passage> Passage, TimeSpan Delay)
{
    /// <summary>Ends when other rules hold.</summary>
    public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
