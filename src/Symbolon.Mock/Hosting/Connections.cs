using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Symbolon.Mock.Hosting;

/// <summary>The open connections. A fault that cuts one is to be seen: but browsers send a request again by themselves when a connection that they had used before is cut without an answer. So such a fault wants fresh ones.</summary>
internal sealed class Connections
{
    // Closing an idle connection takes about a millisecond. This is only when to give up.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, Connection> open = new(StringComparer.Ordinal);

    /// <summary>Keeps a connection in the list while it is open.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = connection.ConnectionClosed.Register(() => closed.TrySetResult());
        open.TryAdd(connection.ConnectionId, new Connection(connection, closed.Task));
        try
        {
            await next(connection);
        }
        finally
        {
            open.TryRemove(connection.ConnectionId, out _);
        }
    };

    /// <summary>A request has begun on its connection.</summary>
    public void Begin(IFeatureCollection request) => Of(request)?.SetBusy(true);

    /// <summary>It was answered.</summary>
    public void End(IFeatureCollection request) => Of(request)?.SetBusy(false);

    /// <summary>Closes those that are idle now, and waits until they are: nobody takes one for the very next request. The others close after their answers.</summary>
    public void CloseIdle()
    {
        var (all, idle) = (open.Values, open.Values.Where(one => !one.IsBusy).ToList());
        foreach (var one in all) Close(one.Context.Features);
        Task.WaitAll([.. idle.Select(one => one.Closed)], Patience);
    }

    /// <summary>Closes a connection after the answer that is under way.</summary>
    public static void Close(IFeatureCollection connection) => connection.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    private Connection? Of(IFeatureCollection request) => request.Get<IHttpConnectionFeature>() is { ConnectionId: { } id } ? open.GetValueOrDefault(id) : null;

    private sealed class Connection(ConnectionContext context, Task closed)
    {
        private volatile bool isBusy;

        public ConnectionContext Context => context;

        public Task Closed => closed;

        public bool IsBusy => isBusy;

        public void SetBusy(bool value) => isBusy = value;
    }
}
