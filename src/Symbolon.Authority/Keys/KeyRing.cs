using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;
using Symbolon.Authority.Ports;
using Symbolon.Jose;
using Symbolon.Keys;

namespace Symbolon.Authority;

/// <summary>The signing keys as this server holds them. Verifying takes what is there; signing demands a ring that was read a moment ago, and reads it anew where it was not.</summary>
internal sealed class KeyRing(IKeyStore store, MasterKeys masterKeys, InProcessRevocationFeed revoked, IOptions<AuthorityOptions> options, TimeProvider time)
{
    // A read that was under way may be older than what made it too old; the one after it is not.
    private const int Reads = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private Task<KeyStoreContents>? reading;
    private volatile Holding? current;

    public KeyRingPolicy Policy { get; } = KeyRingPolicy.Default with { SignFor = options.Value.SigningKeys.SignFor };

    /// <summary>The keys whose signatures count, however long ago they were read; null until they were read once.</summary>
    public OpenKeys? Current => current?.Keys;

    /// <summary>The same.</summary>
    /// <exception cref="StoreUnavailableException">They were not read yet.</exception>
    public OpenKeys Ready => Current ?? throw new StoreUnavailableException("The signing keys are not loaded yet.");

    /// <summary>How long ago the ring was read; <see cref="TimeSpan.MaxValue"/> before that.</summary>
    public TimeSpan Age => current?.AskedAt.Age(time) ?? TimeSpan.MaxValue;

    /// <summary>The key to sign with at this moment.</summary>
    /// <exception cref="StoreUnavailableException">The ring is too old to sign by, and cannot be read; or its key has no secret here.</exception>
    public async ValueTask<SigningKey> SigningAsync(CancellationToken ct)
    {
        for (var reads = 0; ; reads++)
        {
            if (current is { } held && held.Ring.Signing(held.AskedAt.Age(time), revoked.View.Denylist.RemovedKeys, Policy) is { } active)
                return held.Keys.Find(active.Kid) ?? throw Sealed(active);
            if (reads == Reads) throw new StoreUnavailableException("No signing key may be used now: the store's are too old, or removed.");
            await ReadSoonAsync(ct);
        }
    }

    /// <summary>The keys whose signatures count, read anew where they are older than a server may sign by; else those that are there: verifiers go on while the store is away.</summary>
    /// <exception cref="StoreUnavailableException">They were never read.</exception>
    public async ValueTask<OpenKeys> NewestAsync(TimeSpan atMost, CancellationToken ct)
    {
        if (Age < atMost) return Ready;
        try
        {
            await ReadSoonAsync(ct);
        }
        catch (StoreUnavailableException) when (current is not null)
        {
            // The background's reads say so in the log.
        }

        return Ready;
    }

    /// <summary>Reads the ring from the store: after every read that is under way, so that it holds what the caller has committed.</summary>
    /// <exception cref="StoreUnavailableException">The store is not there, or its keys cannot be opened with these master keys.</exception>
    public Task<KeyStoreContents> LoadAsync(CancellationToken ct) => Read(mayShare: false).WaitAsync(ct);

    private async Task ReadSoonAsync(CancellationToken ct)
    {
        try
        {
            await Read(mayShare: true).WaitAsync(Patience, time, ct);
        }
        catch (TimeoutException)
        {
            throw new StoreUnavailableException("The signing keys could not be read in time.");
        }
    }

    // One at a time, and each belongs to nobody who asked. So the newest read is the newest state, also where a version went back with a server that was lost.
    private Task<KeyStoreContents> Read(bool mayShare)
    {
        lock (gate)
        {
            if (mayShare && reading is { IsCompleted: false }) return reading;
            var before = reading;
            return reading = Task.Run(() => ReadAfterAsync(before));
        }
    }

    private async Task<KeyStoreContents> ReadAfterAsync(Task? before)
    {
        if (before is not null) await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var asked = Moment.Of(time);
        var contents = await store.LoadAsync(CancellationToken.None);
        var (ring, now) = (contents.Ring, contents.Now);
        if (ring.Active(now, Policy) is not { } active) return contents;
        var keys = OpenKeys.Of(active, ring.Published(now, Policy), current?.Keys, masterKeys);
        if (keys.Find(active.Kid) is null) throw Sealed(active);
        current = new Holding(new HeldKeyRing(ring, now), asked, keys);
        return contents;
    }

    private static StoreUnavailableException Sealed(RingKey key) => new($"Signing key {key.Kid} was sealed under a master key that this server does not have.");

    private sealed record Holding(HeldKeyRing Ring, Moment AskedAt, OpenKeys Keys);
}
