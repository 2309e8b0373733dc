using Symbolon.Authority.Ports;

namespace Symbolon.StoreContract;

/// <summary>The servers that use the store, and the longest promise.</summary>
public abstract class ServerRegistryContract : IDisposable
{
    private readonly Stores stores;

    private protected ServerRegistryContract(Stores stores) => this.stores = stores;

    public void Dispose()
    {
        stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Read_IsEmpty_WhereNoServerWas() => Assert.Equal(("", TimeSpan.Zero), await ReadAsync());

    [Fact]
    public async Task Beat_ChangesTheNumber_AndStopMakesItZero()
    {
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        await stores.Servers.BeatAsync("b", TimeSpan.Zero, default);
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        Assert.Equal(("a2 b1", TimeSpan.Zero), await ReadAsync());

        await stores.Servers.StopAsync("a", default);
        await stores.Servers.StopAsync("nobody", default);
        Assert.Equal(("a0 b1", TimeSpan.Zero), await ReadAsync());
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        Assert.Equal(("a1 b1", TimeSpan.Zero), await ReadAsync());
    }

    [Fact]
    public async Task Promise_OnlyGrows_InWholeMilliseconds()
    {
        await stores.Servers.BeatAsync("a", TimeSpan.FromMilliseconds(4999.1), default);
        await stores.Servers.BeatAsync("b", TimeSpan.FromSeconds(1), default);
        Assert.Equal(TimeSpan.FromSeconds(5), (await ReadAsync()).Promise);
        await stores.Servers.BeatAsync("b", TimeSpan.FromDays(1), default);
        Assert.Equal(TimeSpan.FromDays(1), (await ReadAsync()).Promise);
    }

    [Fact]
    public async Task Drop_LeavesAServer_ThatHasBeatenSince()
    {
        await stores.Servers.BeatAsync("a", TimeSpan.FromSeconds(5), default);
        await stores.Servers.BeatAsync("b", TimeSpan.Zero, default);
        await stores.Servers.BeatAsync("b", TimeSpan.Zero, default);

        await stores.Servers.DropAsync(new ServerBeats("a", 1), default);
        await stores.Servers.DropAsync(new ServerBeats("b", 1), default);

        Assert.Equal(("b2", TimeSpan.FromSeconds(5)), await ReadAsync());
    }

    private async Task<(string Servers, TimeSpan Promise)> ReadAsync()
    {
        var facts = await stores.Servers.ReadAsync(default);
        return (string.Join(' ', facts.Servers.Select(one => $"{one.Server}{one.Beats}").Order(StringComparer.Ordinal)), facts.LongestPromise);
    }
}

public sealed class InMemoryServerRegistryTests() : ServerRegistryContract(new InMemoryStores());

public sealed class SqliteServerRegistryTests() : ServerRegistryContract(new SqliteStores());
