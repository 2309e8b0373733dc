using System.Collections.Immutable;
using Symbolon.Jose;
using Symbolon.Keys;
using Symbolon.Revocation;
using Symbolon.Sessions;
using static Symbolon.StoreContract.Records;

namespace Symbolon.StoreContract;

/// <summary>Signing keys and the fingerprints of master keys.</summary>
public abstract class KeyStoreContract : IDisposable
{
    private static readonly SessionEvent Announced = new(EventKind.KeyAnnounced, T0, Reason: "k");

    private readonly Stores stores;

    private protected KeyStoreContract(Stores stores) => this.stores = stores;

    public void Dispose()
    {
        stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Load_AnswersEmptyRing_WhenNew()
    {
        var contents = await stores.Keys.LoadAsync(default);
        Assert.Equal((0, 0, 0, T0), (contents.Ring.Version, contents.Ring.Keys.Length, contents.Fingerprints.Count, contents.Now));
    }

    [Fact]
    public async Task Save_KeepsEveryMemberInOrder_WhenVersionIsNext()
    {
        var ring = Ring(1, Key("b"), Key("a") with { Algorithm = JwsAlgorithm.HS256, RemovedAt = T0.AddDays(1) });
        var entry = RevocationEntry.OfKey("a", T0);
        Assert.True(await stores.Keys.TrySaveAsync(ring, entry, Announced, default));
        var loaded = (await stores.Keys.LoadAsync(default)).Ring;
        Assert.Equal(1, loaded.Version);
        Assert.Equal(ring.Keys.Select(Flat), loaded.Keys.Select(Flat));
        Assert.Equal(entry, Assert.Single((await stores.Revocations.ReadAsync(0, 10, default))!.Entries).Entry);
        Assert.Equal([EventKind.KeyAnnounced], await stores.KindsAsync());
    }

    [Fact]
    public async Task Save_ReplacesTheRing_WhenVersionIsNext()
    {
        await stores.Keys.TrySaveAsync(Ring(1, Key("a")), entry: null, Announced, default);
        Assert.True(await stores.Keys.TrySaveAsync(Ring(2, Key("c"), Key("a")), entry: null, Announced, default));
        Assert.Equal(["c", "a"], (await stores.Keys.LoadAsync(default)).Ring.Keys.Select(key => key.Kid));
    }

    [Fact]
    public async Task Save_ChangesNothing_WhenVersionIsNotNext()
    {
        Assert.False(await stores.Keys.TrySaveAsync(Ring(2, Key("a")), entry: null, Announced, default));
        Assert.True(await stores.Keys.TrySaveAsync(Ring(1, Key("a")), entry: null, Announced, default));
        Assert.False(await stores.Keys.TrySaveAsync(Ring(1, Key("b")), RevocationEntry.OfKey("b", T0), Announced, default));
        Assert.Equal("a", Assert.Single((await stores.Keys.LoadAsync(default)).Ring.Keys).Kid);
        Assert.Empty((await stores.Revocations.ReadAsync(0, 10, default))!.Entries);
        Assert.Single(await stores.KindsAsync());
    }

    [Fact]
    public async Task Save_LetsOneThrough_WhenManyServersStartAtOnce()
    {
        var saved = await Task.WhenAll(Enumerable.Range(0, 16).Select(number =>
            Task.Run(async () => await stores.Keys.TrySaveAsync(Ring(1, Key($"k{number}")), entry: null, Announced, default))));
        Assert.Single(saved, won => won);
        Assert.Equal($"k{Array.IndexOf(saved, true)}", Assert.Single((await stores.Keys.LoadAsync(default)).Ring.Keys).Kid);
    }

    [Fact]
    public async Task AddFingerprints_Refuses_WhenAllThatStandAreStrange()
    {
        Assert.True(await stores.Keys.TryAddFingerprintsAsync(["1:aa"], default));
        Assert.False(await stores.Keys.TryAddFingerprintsAsync(["1:bb"], default));
        Assert.True(await stores.Keys.TryAddFingerprintsAsync(["2:cc", "1:aa"], default));
        Assert.True(await stores.Keys.TryAddFingerprintsAsync(["2:cc"], default));
        Assert.False(await stores.Keys.TryAddFingerprintsAsync(["1:dd", "2:cc"], default)); // an id that means another key
        Assert.Equal(["1:aa", "2:cc"], (await stores.Keys.LoadAsync(default)).Fingerprints);
    }

    [Fact]
    public async Task AddFingerprints_LetsOneThrough_WhenStrangersStartAtOnce()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 16).Select(number =>
            Task.Run(async () => await stores.Keys.TryAddFingerprintsAsync([$"{number}:x"], default))));
        Assert.Single(added, won => won);
        Assert.Single((await stores.Keys.LoadAsync(default)).Fingerprints);
    }

    private static SigningKeyRing Ring(int version, params ImmutableArray<RingKey> keys) => new(keys, version);

    private static RingKey Key(string kid) => new(kid, JwsAlgorithm.ES256, [1, 0, 255], T0, T0.AddMinutes(15));

    // Arrays compare by reference: compare what is in them.
    private static object Flat(RingKey key) => (key with { Sealed = default }, Convert.ToHexString(key.Sealed.AsSpan()));
}

public sealed class InMemoryKeyStoreTests() : KeyStoreContract(new InMemoryStores());

public sealed class SqliteKeyStoreTests() : KeyStoreContract(new SqliteStores());

public sealed class PostgresKeyStoreTests() : KeyStoreContract(new PostgresStores());
