using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Symbolon.Jose;
using Symbolon.Keys;

namespace Symbolon.AspNetCore.Remote;

/// <summary>An issuer's published keys, kept in memory: renewed in the background, and once in ten seconds when a token names one that is missing.</summary>
/// <remarks>Keeps what it has while the issuer cannot be reached or publishes what must be refused. Safe for concurrent use. DESIGN §5.</remarks>
internal sealed class JwksSource : VerificationKeySource
{
    private static readonly TimeSpan OnDemandEvery = TimeSpan.FromSeconds(10), AnswersWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KeptAtLeast = TimeSpan.FromMinutes(1), KeptAtMost = TimeSpan.FromMinutes(5);
    private readonly RemoteContext with;
    private readonly JwksAddress address;
    private readonly ViewAge age;
    private readonly TaskCompletionSource firstAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private volatile VerificationKeys? current;
    private ImmutableArray<Jwk> published = [];
    private ImmutableHashSet<string> removed = [];
    private Task<TimeSpan?>? fetching;
    private long? demandedAt;

    /// <exception cref="FormatException">The initial keys are refused.</exception>
    public JwksSource(RemoteContext context)
    {
        with = context;
        address = new JwksAddress(context);
        age = new ViewAge(context.Time);
        age.SetCurrentAt(age.Mark()); // from now on somebody asks
        if (context.Options.InitialJwks is { } initial) Publish(Read(initial, context.Options.DerivesAlgorithms));
    }

    /// <inheritdoc/>
    public override VerificationKeys? Current => current;

    /// <inheritdoc/>
    public override TimeSpan Age => age.Value;

    /// <summary>Done when the issuer was asked once, whatever came of it.</summary>
    public Task FirstAsked => firstAsked.Task;

    /// <summary>The keys of a set that can be used here, in the order of their ids.</summary>
    /// <exception cref="FormatException">The set is refused as a whole, or has no such key.</exception>
    public static ImmutableArray<Jwk> Read(string jwks, bool derivesAlgorithms)
    {
        var keys = JwkSet.Parse(jwks, derivesAlgorithms).Keys.Where(key => key.Kid is not null).OrderBy(key => key.Kid, StringComparer.Ordinal);
        return keys.Any() ? [.. keys] : throw new FormatException("The key set has no key with 'kid' and 'alg' that can be used here.");
    }

    /// <summary>Renews the keys until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), with.Time);
        while (!ct.IsCancellationRequested)
        {
            TryFetch(isDemanded: false, out var fetch);
            var keep = await fetch!.WaitAsync(ct);
            firstAsked.TrySetResult();
            if (keep is not null) backOff.Reset();
            await Task.Delay(keep ?? backOff.Next(), with.Time, ct);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<VerificationKeys?> RefreshAsync(CancellationToken ct) => TryFetch(isDemanded: true, out var fetch) ? AfterAsync(fetch, ct) : new(current);

    /// <summary>Never believes these keys again, whatever is published, and looks for their successors at once.</summary>
    /// <remarks>These sign from now on, and are unknown here: without a look of their own, good tokens would be refused until ten seconds after the last one.</remarks>
    public void Remove(IEnumerable<string> kids)
    {
        lock (gate)
        {
            var all = removed.Union(kids);
            if (all.Count == removed.Count) return;
            removed = all;
            if (current is null) return;
            current = Believed();
            demandedAt = null; // the issuer may publish a moment after it has removed: then the first new token asks again
        }

        TryFetch(isDemanded: false, out _);
    }

    private async ValueTask<VerificationKeys?> AfterAsync(Task fetch, CancellationToken ct)
    {
        await fetch.WaitAsync(ct);
        return current;
    }

    // One at a time, shared by all who want it. What tokens say causes no more than one in ten seconds.
    private bool TryFetch(bool isDemanded, [NotNullWhen(true)] out Task<TimeSpan?>? fetch)
    {
        lock (gate)
        {
            fetch = fetching;
            if (fetch is { IsCompleted: false }) return true;
            if (isDemanded)
            {
                if (demandedAt is { } at && with.Time.GetElapsedTime(at) < OnDemandEvery) return false;
                demandedAt = with.Time.GetTimestamp();
            }

            fetch = fetching = Task.Run(FetchAsync);
            return true;
        }
    }

    // How long the keys may be kept, or null when there are no newer ones. Belongs to nobody who asked, so nobody cancels it.
    private async Task<TimeSpan?> FetchAsync()
    {
        var (options, http, _, log, metrics) = with;
        var asked = age.Mark();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, await address.FindAsync());
            var answer = await http.AskAsync(request, JwkSet.MaxLength, AnswersWithin, CancellationToken.None);
            if (answer.Status != 200) throw new RemoteException($"{request.RequestUri} answered {answer.Status}.");
            if (Publish(Read(Encoding.UTF8.GetString(answer.Body), options.DerivesAlgorithms))) log.KeysRead(options.Name, current!.Count);
            age.SetCurrentAt(asked);
            metrics.JwksFetched(options.Name, "ok");
            var keep = answer.MaxAge ?? KeptAtMost;
            return keep < KeptAtLeast ? KeptAtLeast : keep > KeptAtMost ? KeptAtMost : keep;
        }
        catch (FormatException e)
        {
            log.KeysRefused(options.Name, current?.Count ?? 0, e.Message);
            metrics.JwksFetched(options.Name, "refused");
        }
        catch (Exception e)
        {
            // Whatever it is, also of a handler that is not ours: the keys must go on being renewed.
            log.KeysUnreachable(options.Name, current?.Count ?? 0, RemoteException.Why(e));
            metrics.JwksFetched(options.Name, "unreachable");
        }

        address.Forget();
        return null;
    }

    // The same instance for as long as the keys are the same: a verifier's memory lives as long as that.
    private bool Publish(ImmutableArray<Jwk> keys)
    {
        lock (gate)
        {
            if (current is not null && published.SequenceEqual(keys)) return false;
            published = keys;
            current = Believed();
            return true;
        }
    }

    private VerificationKeys Believed() => new(published.Where(key => !removed.Contains(key.Kid!)).Select(VerificationKey.FromJwk));
}
