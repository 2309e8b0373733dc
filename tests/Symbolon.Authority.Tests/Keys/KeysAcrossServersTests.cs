using System.Buffers.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.InMemory;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.OAuth;
using Symbolon.Authority.Tests.Support;
using Symbolon.Keys;

namespace Symbolon.Authority.Tests.Keys;

/// <summary>Two servers on one store, one of them cut off from its keys or stopped. No timer fires by itself: what a server knows is what it read at its start, or reads before it signs.</summary>
public sealed class KeysAcrossServersTests : IAsyncLifetime
{
    private static readonly TimeSpan Announced = KeyRingPolicy.Default.AnnounceFor, Trusted = KeyRingPolicy.Default.TrustFor, Moment = TimeSpan.FromMilliseconds(1);
    private TestServer first = null!, second = null!;
    private PortCalls keysOfSecond = null!;

    public async ValueTask InitializeAsync()
    {
        first = await TestServer.StartAsync(ClientsFixture.Client(0, "worker"));
        second = await TestServer.StartAsync(ClientsFixture.Client(0, "worker"), services =>
        {
            services.ShareStoreOf(first);
            keysOfSecond = PortCalls.Watch<IKeyStore>(services);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await second.DisposeAsync();
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Token_IsSignedByTheSuccessor_WhenTheServerStoodStillWhileItTookOver()
    {
        var old = await KidAsync();
        await first.Get<RotateSigningKeys>().RunAsync(by: null, default);
        Pass(Announced - Moment);
        Assert.Equal(old, await KidAsync());
        Pass(Moment);

        Assert.NotEqual(old, await KidAsync());
    }

    [Fact]
    public async Task Token_IsRefused_WhenTheRingIsOld_AndCannotBeRead()
    {
        keysOfSecond.AreDown = true;
        Pass(Trusted - Moment);
        (await second.OwnTokenAsync("worker")).Is(200);
        Pass(Moment);

        (await second.OwnTokenAsync("worker")).IsOAuthError(503, "temporarily_unavailable", "unavailable");
        (await second.GetAsync("/health/ready")).IsProblem(503, "unavailable");
        var jwks = (await second.GetAsync("/.well-known/jwks.json")).Is(200); // verifiers go on
        Assert.Equal(("public, max-age=60", 1), (jwks.Header("Cache-Control"), jwks["keys"].GetArrayLength()));

        keysOfSecond.AreDown = false;
        (await second.OwnTokenAsync("worker")).Is(200);
        Assert.Equal("public, max-age=300", (await second.GetAsync("/.well-known/jwks.json")).Is(200).Header("Cache-Control"));
    }

    [Fact]
    public async Task Refresh_IsRefused_AndChangesNothing_WhenTheRingIsOld_AndCannotBeRead()
    {
        var (_, tokens) = await second.RegisterAsync();
        keysOfSecond.AreDown = true;
        Pass(Trusted);
        (await second.RefreshAsync(tokens.RefreshToken)).IsProblem(503, "unavailable");

        keysOfSecond.AreDown = false;
        (await second.RefreshAsync(tokens.RefreshToken)).Is(200);
    }

    [Fact]
    public async Task Token_IsNeverSignedByARemovedKey_OnceItsEntryWasRead()
    {
        var old = await KidAsync();
        keysOfSecond.AreDown = true;
        Assert.True(await first.Get<RotateSigningKeys>().RemoveAsync(old, by: null, default));
        await second.SeenAsync();

        (await second.OwnTokenAsync("worker")).IsOAuthError(503, "temporarily_unavailable", "unavailable");

        keysOfSecond.AreDown = false;
        Assert.NotEqual(old, await KidAsync());
    }

    // Of a server that was lost with the removal: the key is as good as before in the store that took its place.
    [Fact]
    public async Task Removal_IsMadeAgain_WhenTheStoreHasLostIt()
    {
        var (old, store) = (await KidAsync(), first.Get<InMemoryState>());
        var before = store.Ring;
        await first.Get<RotateSigningKeys>().RemoveAsync(old, by: null, default);
        await second.SeenAsync();
        store.Ring = before;
        Pass(Trusted);

        await second.Get<KeyRingRefresh>().StepAsync(default);

        Assert.NotEqual(old, await KidAsync());
        Assert.NotNull(store.Ring.Keys.Single(key => key.Kid == old).RemovedAt);
    }

    [Fact]
    public async Task Ring_IsTaken_WhenItsVersionWentBack()
    {
        var store = first.Get<InMemoryState>();
        var before = store.Ring;
        await first.Get<RotateSigningKeys>().RunAsync(by: null, default);
        await second.Get<KeyRing>().LoadAsync(default);
        store.Ring = before;
        Pass(Trusted);

        (await second.OwnTokenAsync("worker")).Is(200);
        Assert.Single((await second.GetAsync("/.well-known/jwks.json")).Is(200)["keys"].EnumerateArray());
    }

    [Fact]
    public async Task Token_IsSignedByTheStoresClock_WhenTheServersIsAhead()
    {
        var old = await KidAsync();
        second.Time.Advance(Announced * 2);
        await first.Get<RotateSigningKeys>().RunAsync(by: null, default);

        Assert.Equal(old, await KidAsync());
    }

    [Fact]
    public async Task Token_OfAKeyThatIsNewHere_IsKnown_WhenAnotherServerReplacedOne()
    {
        keysOfSecond.AreDown = true; // else its background reads at once
        await first.Get<RotateSigningKeys>().RemoveAsync(await KidOfAsync(first), by: null, default);
        await second.SeenAsync();
        keysOfSecond.AreDown = false;
        var admin = await first.AdminAsync();
        Pass(TimeSpan.FromSeconds(1));

        Assert.NotEqual("token_key", (await second.GetAsync("/auth/me", admin)).Code);
    }

    private Task<string> KidAsync() => KidOfAsync(second);

    private static async Task<string> KidOfAsync(TestServer server) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars((await server.OwnTokenAsync("worker")).Is(200).AccessToken.Split('.')[0])).RootElement.GetProperty("kid").GetString()!;

    // The store's clock is the first server's.
    private void Pass(TimeSpan by)
    {
        first.Time.Advance(by);
        second.Time.Advance(by);
    }
}
