using Microsoft.Extensions.Logging;

namespace Symbolon.AspNetCore.Remote;

/// <summary>An authority elsewhere, as the source of keys, revocations and live answers. Made once for each scheme, started and stopped with the application.</summary>
internal sealed class RemoteSources : IAsyncDisposable
{
    // Who starts before the authority does not wait for it for long: until it is there, answers are as the demand says.
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(2);
    private readonly RemoteHttp http;
    private readonly RemoteContext with;
    private readonly JwksSource keys;
    private readonly FeedFollower? follower;
    private readonly FeedAcknowledger? acknowledger;
    private readonly IntrospectionCheck? live;
    private readonly List<IDisposable> owned = [];
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private int disposed;

    private RemoteSources(RemoteSourcesOptions options, TimeProvider time, ILogger log, SymbolonMetrics metrics)
    {
        http = new RemoteHttp(options.Backchannel, time);
        with = new RemoteContext(options, http, time, log, metrics);
        keys = new JwksSource(with);
        if (options.Credential is { } credential)
        {
            if (options.Introspection is { } introspection) owned.Add(live = new IntrospectionCheck(introspection, credential, with));
            if (options.Feed is { } address)
            {
                Feed = new RemoteRevocationFeed(with);
                var token = new ClientToken(credential, http, time);
                var client = new FeedClient(address, token, http);
                follower = new FeedFollower(Feed, client, with);
                acknowledger = new FeedAcknowledger(Feed, client, follower, with);
                follower.ReceiptWanted = acknowledger.AcknowledgeSoon;
                owned.AddRange([Feed.Watch(added => keys.Remove(added.RemovedKeys)), metrics.Observe(options.Name, Feed), follower, token]);
            }
        }

        Sources = new TokenCheckSources(keys, Feed, live);
    }

    /// <summary>What a check needs.</summary>
    public TokenCheckSources Sources { get; }

    /// <summary>The feed, where there is one.</summary>
    public RemoteRevocationFeed? Feed { get; }

    /// <summary>Makes the sources; nothing is asked before <see cref="StartAsync"/>.</summary>
    public static RemoteSources Create(RemoteSourcesOptions options, TimeProvider time, ILoggerFactory logs, SymbolonMetrics metrics) =>
        new(options, time, logs.CreateLogger("Symbolon.AspNetCore"), metrics);

    /// <summary>Starts. Returns when keys and revocations were asked for once, whatever came of it, at the latest after two seconds.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        Task[] loops = [keys.RunAsync(stopping.Token), follower?.RunAsync(stopping.Token) ?? Task.CompletedTask, acknowledger?.RunAsync(stopping.Token) ?? Task.CompletedTask];
        running = Task.WhenAll(loops);
        var view = acknowledger is null ? Task.CompletedTask : Task.WhenAny(acknowledger.FirstAnswered, follower!.FirstInterrupted);
        await Task.WhenAny(Task.WhenAll(keys.FirstAsked, view), Task.Delay(StartsWithin, with.Time, ct));
    }

    /// <summary>Stops, and tells the authority not to wait for this verifier any more.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (acknowledger is not null) await acknowledger.LeaveAsync(ct);
    }

    // A container disposes of what it knows under two types twice.
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        owned.ForEach(one => one.Dispose());
        http.Dispose();
        stopping.Dispose();
    }
}
