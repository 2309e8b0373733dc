using Microsoft.Extensions.Hosting;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority;

/// <summary>Whether this server hears of every verifier there is: it alone uses the store, and has done so for longer than any verifier goes on that last spoke to another, or to the one before it.</summary>
internal sealed class OtherServers(IServerRegistry registry, TimeProvider time, AuthorityTelemetry telemetry, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    /// <summary>After a start verifiers are given this long to come back.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3), Silent = TimeSpan.FromSeconds(10), Gone = TimeSpan.FromHours(2);
    private readonly string name = Guid.NewGuid().ToString("n");
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Beats, long ChangedAt)> others = [];
    private readonly CancellationTokenSource stopping = new();
    private Task beating = Task.CompletedTask;
    private bool isListed, isDisposed;
    private long? startedAt, aloneSince;
    private TimeSpan stored, awaited = TimeSpan.MaxValue;

    /// <summary>How many other servers use the store, as of the last look.</summary>
    public int Count
    {
        get
        {
            lock (gate) return others.Values.Count(IsAlive);
        }
    }

    /// <summary>Whether verifiers that knew the server before this one may just be coming back.</summary>
    public bool IsYoung
    {
        get
        {
            lock (gate) return startedAt is not { } since || time.GetElapsedTime(since) < Settle;
        }
    }

    /// <summary>Whether every verifier that may still accept something is known here, as of the last look.</summary>
    public bool KnowsAll
    {
        get
        {
            lock (gate) return !IsYoung && aloneSince is { } since && time.GetElapsedTime(since) is var alone && alone >= Settle && alone >= awaited && !others.Values.Any(IsAlive);
        }
    }

    /// <summary>Before a request is accepted the store says that this server is there: another that looks after a commit finds it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() =>
        {
            lock (gate) startedAt = time.GetTimestamp();
        });
        await StepAsync(cancellationToken);
        beating = RunAsync(stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await registry.StopAsync(name, cancellationToken).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // else the next one waits a little longer
    }

    public void Dispose()
    {
        if (isDisposed) return; // the container holds it twice, as itself and as a hosted service
        isDisposed = true;
        stopping.Cancel();
        stopping.Dispose();
    }

    /// <summary>Looks who is there. To be called after the commit that one wants to be certain of.</summary>
    /// <exception cref="StoreUnavailableException">The primary could not be read.</exception>
    public async Task LookAsync(CancellationToken ct) => Take(await registry.ReadAsync(answersTo: null, ct));

    /// <summary>A verifier has promised to go on for at most so long. The store knows it before the verifier is answered: the server after this one must.</summary>
    public async Task PromiseAsync(TimeSpan promise, CancellationToken ct)
    {
        lock (gate)
            if (isListed && promise <= stored) return;
        await BeatAsync(promise, ct);
    }

    private async Task BeatAsync(TimeSpan promise, CancellationToken ct)
    {
        await registry.BeatAsync(name, promise, ct);
        lock (gate)
        {
            isListed = true;
            if (promise > stored) stored = promise;
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(Every, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!ct.IsCancellationRequested) await StepAsync(ct);
        }
    }

    private async Task StepAsync(CancellationToken ct)
    {
        try
        {
            await BeatAsync(TimeSpan.Zero, ct);
            await LookAsync(ct);
            foreach (var silent in SilentForLong()) await registry.DropAsync(silent, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Say(e);
        }
        catch (OperationCanceledException)
        {
            // stopping, or the store's own patience: in three seconds again
        }
    }

    // Whoever is seen for the first time, or has changed, was there a moment ago: then what its verifiers promised counts from now on.
    private void Take(ServerFacts facts)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var isDisturbed = aloneSince is null;
            foreach (var (server, beats) in facts.Servers)
            {
                if (server == name || (others.TryGetValue(server, out var seen) && seen.Beats == beats)) continue;
                others[server] = (beats, now);
                isDisturbed = true;
            }

            foreach (var dropped in others.Keys.Except(facts.Servers.Select(one => one.Server), StringComparer.Ordinal).ToList()) others.Remove(dropped);
            if (facts.LongestPromise > stored) stored = facts.LongestPromise;
            if (isDisturbed) (aloneSince, awaited) = (now, facts.LongestPromise);
        }
    }

    private List<ServerBeats> SilentForLong()
    {
        lock (gate) return [.. others.Where(one => time.GetElapsedTime(one.Value.ChangedAt) > Gone).Select(one => new ServerBeats(one.Key, one.Value.Beats))];
    }

    private bool IsAlive((long Beats, long ChangedAt) server) => server.Beats > 0 && time.GetElapsedTime(server.ChangedAt) < Silent;

    // Never fails: whoever follows must go on.
    private void Say(Exception why)
    {
        try
        {
            telemetry.Unavailable(why);
        }
        catch
        {
            // There is nobody left to be told.
        }
    }
}
