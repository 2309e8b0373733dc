using Microsoft.Extensions.Hosting;
using Symbolon.AspNetCore;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority;

/// <summary>The servers beside this one, and whether every verifier that may still accept something is known to one that lives: each that spoke last to a server that is gone, or to one before this, has stopped.</summary>
internal sealed class OtherServers(IServerRegistry registry, TimeProvider time, AuthorityTelemetry telemetry, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    /// <summary>After a start verifiers are given this long to come back.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    // A server that could not say for so long that it lives answers no verifier: the others take it for gone when it is silent for twice as long.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3), Heard = TimeSpan.FromSeconds(5), Silent = TimeSpan.FromSeconds(10), Gone = TimeSpan.FromHours(2);
    private readonly Lock gate = new();
    private readonly Dictionary<string, Other> others = [];
    private readonly CancellationTokenSource stopping = new();
    private Task beating = Task.CompletedTask, renewing = Task.CompletedTask;
    private bool isDisposed;
    private long? startedAt;
    private Moment? beatenAt; // by both clocks: the monotonic one may stand while the machine sleeps, and the others go on
    private long looks, taken;
    private TimeSpan stored;
    private (long Since, TimeSpan Length)? past; // what those promised wait for that are not listed any more, or went before this one came

    /// <summary>This server's name.</summary>
    public string Name { get; } = Guid.NewGuid().ToString("n");

    /// <summary>How things stand as of the last look; all of it at one moment, for a server may come back between two.</summary>
    public ServersStanding Standing
    {
        get
        {
            lock (gate)
            {
                var isYoung = startedAt is not { } since || time.GetElapsedTime(since) < Settle;
                var knowsPast = !isYoung && past is { } before && IsOver(before) && others.Values.All(one => IsAlive(one) || IsOver(PromiseOf(one)));
                return new ServersStanding([.. others.Where(one => IsAlive(one.Value)).Select(one => one.Key)], isYoung, knowsPast);
            }
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
        await registry.StopAsync(Name, cancellationToken).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // else the next one waits a little longer
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
    public async Task<ServerFacts> LookAsync(long? answersTo, CancellationToken ct)
    {
        var look = Interlocked.Increment(ref looks);
        var facts = await registry.ReadAsync(answersTo, ct);
        lock (gate)
        {
            if (look > taken) Take(facts); // one that began later has seen more
            taken = Math.Max(taken, look);
        }

        return facts;
    }

    /// <summary>A verifier has promised to go on for at most so long. The store knows it before the verifier is answered: the server after this one must. And whoever has not been heard of for long
    /// answers none: the others may have ceased to wait for it.</summary>
    public Task PromiseAsync(TimeSpan promise, CancellationToken ct)
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested) throw new StoreUnavailableException("This server stops: the others count what was promised to it from then on.");
            if (promise > stored) return BeatAsync(promise, ct);
            if (beatenAt?.Age(time) < Heard) return Task.CompletedTask;
            if (renewing.IsCompleted) renewing = BeatAsync(TimeSpan.Zero, stopping.Token); // one for all
            return renewing.WaitAsync(ct);
        }
    }

    private async Task BeatAsync(TimeSpan promise, CancellationToken ct)
    {
        var began = Moment.Of(time);
        await registry.BeatAsync(Name, promise, ct);
        lock (gate)
        {
            if (beatenAt is null || beatenAt.Monotonic <= began.Monotonic) beatenAt = began;
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
            await LookAsync(answersTo: null, ct);
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
        var now = time.GetTimestamp();
        past ??= (now, Longer(Settle, facts.LongestPromise));
        foreach (var (server, beats) in facts.Servers)
            if (server != Name && (!others.TryGetValue(server, out var seen) || seen.Beats != beats)) others[server] = new Other(beats, now, facts.LongestPromise);
        foreach (var dropped in others.Keys.Except(facts.Servers.Select(one => one.Server), StringComparer.Ordinal).ToList())
        {
            var promise = PromiseOf(others[dropped]);
            if (Rest(promise) > Rest(past.Value)) past = promise;
            others.Remove(dropped);
        }

        if (facts.LongestPromise > stored) stored = facts.LongestPromise;
    }

    private List<ServerBeats> SilentForLong()
    {
        lock (gate) return [.. others.Where(one => time.GetElapsedTime(one.Value.ChangedAt) > Gone).Select(one => new ServerBeats(one.Key, one.Value.Beats))];
    }

    private bool IsAlive(Other server) => server.Beats > 0 && time.GetElapsedTime(server.ChangedAt) < Silent;

    // One that has not said that it stops may have answered for a little longer than it was heard of.
    private static (long Since, TimeSpan Length) PromiseOf(Other server) => (server.ChangedAt, server.Beats > 0 ? Silent + server.Promise : Longer(Settle, server.Promise));

    private bool IsOver((long Since, TimeSpan Length) promise) => Rest(promise) <= TimeSpan.Zero;

    private TimeSpan Rest((long Since, TimeSpan Length) promise) => promise.Length - time.GetElapsedTime(promise.Since);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

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

    // The longest promise is the one that stood in the store when its number of beats was seen to change: with a longer one it would change again.
    private readonly record struct Other(long Beats, long ChangedAt, TimeSpan Promise);
}

/// <summary>How the servers of the store stand at one moment.</summary>
/// <param name="Others">Those beside this one that live.</param>
/// <param name="IsYoung">Whether verifiers that knew the server before this one may just be coming back.</param>
/// <param name="KnowsPast">Whether every verifier that may still accept something is known to this server or to one of the others.</param>
internal sealed record ServersStanding(IReadOnlyList<string> Others, bool IsYoung, bool KnowsPast);
