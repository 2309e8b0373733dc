using Microsoft.Extensions.Options;
using Symbolon.Authority.Ports;
using Symbolon.Jose;
using Symbolon.Keys;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Makes the next signing key, and removes one in an emergency. Works on the store, so that every server follows.</summary>
internal sealed class RotateSigningKeys(IKeyStore store, KeyRing ring, MasterKeys masterKeys, IOptions<AuthorityOptions> options, AuthorityTelemetry telemetry)
{
    private JwsAlgorithm Algorithm => options.Value.AccessToken.Algorithm;

    /// <summary>Rotates when a key is due; else only reloads the ring. Refuses a store that other master keys have sealed.</summary>
    public async Task RunIfDueAsync(CancellationToken ct)
    {
        var contents = await store.LoadAsync(ct);
        await RequireOurMasterKeysAsync(contents, ct);
        if (IsDue(contents)) await SaveAsync(now => IsDue(now) ? Next(now, by: null) : null, ct); // another server may have made it by then
        else await ring.LoadAsync(ct);
    }

    /// <summary>Announces a new key now, unless one is announced already; answers the ring as it then is.</summary>
    public async Task<KeyStoreContents> RunAsync(string? by, CancellationToken ct)
    {
        await RequireOurMasterKeysAsync(await store.LoadAsync(ct), ct);
        return await SaveAsync(contents => Next(contents, by), ct);
    }

    /// <summary>Removes a key at once: its signatures count no more. When it is the one that signs, its successor signs at once. False: there is no such key.</summary>
    public async Task<bool> RemoveAsync(string kid, string? by, CancellationToken ct)
    {
        var found = false;
        await CommitAsync(contents =>
        {
            var (key, now) = (contents.Ring.Keys.FirstOrDefault(key => key.Kid == kid && key.RemovedAt is null), contents.Now);
            found = key is not null && contents.Ring.StateOf(key, now, ring.Policy) != KeyState.Gone;
            if (!found) return null;
            var successor = contents.Ring.StateOf(key!, now, ring.Policy) == KeyState.Active ? SigningKeyMaking.Make(Algorithm, now, now, masterKeys) : null;
            return (contents.Ring.Remove(kid, successor, now, ring.Policy), RevocationEntry.OfKey(kid, now), new SessionEvent(EventKind.KeyRemoved, now, Reason: kid, By: by));
        }, ct);
        try
        {
            await ring.LoadAsync(CancellationToken.None); // the key is gone from the commit on: a caller who leaves now must not keep it signing here
        }
        catch (StoreUnavailableException e)
        {
            telemetry.KeysUnavailable(e, goesOn: true);
        }

        return found;
    }

    private bool IsDue(KeyStoreContents contents) => contents.Ring.IsDue(contents.Now, ring.Policy, Algorithm, masterKeys.ActiveId);

    private (SigningKeyRing, RevocationEntry?, SessionEvent)? Next(KeyStoreContents contents, string? by)
    {
        if (contents.Ring.HasAnnounced(contents.Now, ring.Policy)) return null;
        var key = SigningKeyMaking.Make(Algorithm, contents.Now, contents.Ring.NextSignsFrom(contents.Now, ring.Policy), masterKeys);
        var next = contents.Ring.Rotate(key, contents.Now, ring.Policy);
        return (next, null, new SessionEvent(EventKind.KeyAnnounced, contents.Now, Reason: key.Kid, By: by));
    }

    private async Task<KeyStoreContents> SaveAsync(Func<KeyStoreContents, (SigningKeyRing Ring, RevocationEntry? Entry, SessionEvent Event)?> decide, CancellationToken ct)
    {
        await CommitAsync(decide, ct);
        return await ring.LoadAsync(ct);
    }

    // Another server may be quicker: then read what it wrote and decide again. Each round somebody gets on.
    private async Task CommitAsync(Func<KeyStoreContents, (SigningKeyRing Ring, RevocationEntry? Entry, SessionEvent Event)?> decide, CancellationToken ct)
    {
        while (decide(await store.LoadAsync(ct)) is { } change)
        {
            if (!await store.TrySaveAsync(change.Ring, change.Entry, change.Event, ct)) continue;
            telemetry.KeysChanged(change.Event);
            return;
        }
    }

    private async Task RequireOurMasterKeysAsync(KeyStoreContents contents, CancellationToken ct)
    {
        var ours = masterKeys.Ids.Select(masterKeys.Fingerprint).ToList();
        if (ours.All(contents.Fingerprints.Contains)) return;
        if (!await store.TryAddFingerprintsAsync(ours, ct))
            throw new StoreUnavailableException("The store was sealed under other master keys. Configure the ones it was made with (Symbolon:MasterKeys).");
    }
}
