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

    // A client may have its answer whole a moment before the server has done with the request.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentDictionary<string, Connection> open = new(StringComparer.Ordinal);

    /// <summary>Keeps a connection in the list while it is open.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = connection.ConnectionClosed.Register(() => closed.TrySetResult()); // for longer than this delegate: the socket is closed behind it
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
    public void Begin(IFeatureCollection request, bool isControl) => Of(request)?.Be(isControl ? Work.Control : Work.Traffic);

    /// <summary>It was answered.</summary>
    public void End(IFeatureCollection request) => Of(request)?.Be(Work.None);

    /// <summary>Closes those that are idle now, and waits until they are: nobody takes one for the very next request. The others close after their answers.</summary>
    public async Task CloseIdleAsync(CancellationToken ct)
    {
        var works = open.Values.Select(one => (Connection: one, one.Work)).ToLookup(one => one.Work, one => one.Connection);
        foreach (var one in works.SelectMany(group => group)) Close(one.Context.Features);
        await ClosedAsync(works[Work.None], Patience, ct);
        await ClosedAsync(works[Work.Traffic], Moment, ct);
    }

    /// <summary>Closes a connection after the answer that is under way.</summary>
    public static void Close(IFeatureCollection connection) => connection.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    // Without an exception when they are not: they close when they can.
    private static async Task ClosedAsync(IEnumerable<Connection> connections, TimeSpan atMost, CancellationToken ct) =>
        await Task.WhenAll(connections.Select(one => one.Closed)).WaitAsync(atMost, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private Connection? Of(IFeatureCollection request) => request.Get<IHttpConnectionFeature>() is { ConnectionId: { } id } ? open.GetValueOrDefault(id) : null;

    private enum Work
    {
        None,
        Traffic,
        Control, // the very call that adds the fault is one
    }

    private sealed class Connection(ConnectionContext context, Task closed)
    {
        private volatile Work work;

        public ConnectionContext Context => context;

        public Task Closed => closed;

        public Work Work => work;

        public void Be(Work now) => work = now;
    }
}
