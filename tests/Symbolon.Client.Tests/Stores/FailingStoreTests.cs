using Symbolon.Client.Tests.Support;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Stores;

/// <summary>Stores that throw: a full disk, a database that has gone. Typed errors, no lost log-out, no step back.</summary>
public class FailingStoreTests
{
    [Fact]
    public async Task RefreshedToken_IsKept_WhenItCannotBeStored()
    {
        await using var authority = await TestAuthority.StartAsync();
        var (store, time) = (new HookedStore(), new FiringTime());
        using var client = await authority.SignedInAsync(time, store, o => o.ClientId = "strict");
        store.Saving = next => Fail(next.Attempt is null);
        Assert.Equal(RefreshOutcome.Refreshed, await client.Session.RefreshAsync());
        var newer = (await client.Session.GetTokenAsync())!;
        Assert.NotEqual((await client.StoredAsync())!.AccessToken, newer.Value);
        authority.Faults.Cut("/auth/refresh");

        // What is stored is another token, and an older one.
        Assert.Equal(RefreshOutcome.Kept, await client.Session.RefreshAsync(newer.Version));

        Assert.Equal(newer.Value, (await client.Session.GetTokenAsync())!.Value);
        authority.Faults.Clear();
        store.Saving = null;
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(RefreshOutcome.Refreshed, await client.Session.RefreshAsync(newer.Version));
        Assert.Equal((await client.StoredAsync())!.AccessToken, (await client.Session.GetTokenAsync())!.Value);
    }

    [Theory]
    [InlineData("load")]
    [InlineData("clear")]
    public async Task Logout_IsTold_AndCountsHere_WhenTheStoreFails(string what)
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new HookedStore();
        using var client = await authority.SignedInAsync(store: store);
        store.Loading = _ => Fail(what == "load");
        store.Clearing = _ => Fail();

        await Assert.ThrowsAsync<TokenStoreException>(() => client.Session.LogoutAsync());
        store.Loading = null;

        Assert.Equal(1, authority.Count("/auth/logout"));
        Assert.Null(await client.Session.GetTokenAsync());
        Assert.Equal(401, await client.CallAsync()); // without a token
        Assert.Equal(0, authority.Refreshes);
    }

    [Fact]
    public async Task Logout_Works_WhenItsNoteCannotBeRemoved()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new HookedStore();
        using var client = await authority.SignedInAsync(store: store);
        store.Clearing = key => Fail(key != SymbolonClient.DefaultSessionKey);

        await client.Session.LogoutAsync();

        Assert.Null(await client.StoredAsync());
    }

    [Fact]
    public async Task AuthoritysEnd_Counts_WhenItCannotBeStored()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new HookedStore();
        using var client = await authority.SignedInAsync(store: store);
        authority.Faults.Answer("/auth/refresh", 401, type: "application/problem+json", body: """{"type":"urn:symbolon:session_ended","code":"session_ended","reason":"ended_by_admin"}""");
        store.Saving = next => Fail(next.IsOver);

        Assert.Equal(RefreshOutcome.SignedOut, await client.Session.RefreshAsync());

        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<SignedOutException>(async () => await client.Session.GetTokenAsync());
        Assert.Equal(1, authority.Refreshes); // and it is not asked again for each call
        Assert.Equal(1, client.Log.Count(5004));
        store.Saving = null;
        await client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
        Assert.NotNull(await client.Session.GetTokenAsync());
    }

    [Fact]
    public async Task Login_LeavesNoSessionBehind_WhenItCannotBeStored()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new HookedStore { Saving = _ => Fail() };
        using var client = authority.Client(store: store);

        await Assert.ThrowsAsync<TokenStoreException>(() => client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password)));

        Assert.Equal(1, authority.Count("/auth/logout"));
    }

    [Fact]
    public async Task AnyException_OfAStore_IsATypedError()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new HookedStore { Loading = _ => throw new InvalidOperationException("secret") };
        using var client = authority.Client(store: store);

        var told = new[]
        {
            await Assert.ThrowsAsync<TokenStoreException>(async () => await client.Session.GetTokenAsync()),
            await Assert.ThrowsAsync<TokenStoreException>(() => client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password))),
            await Assert.ThrowsAsync<TokenStoreException>(() => client.Session.LogoutAsync()),
            await Assert.ThrowsAsync<TokenStoreException>(() => client.CallAsync()),
        };

        Assert.All(told, one => Assert.Contains("InvalidOperationException", one.Message));
        Assert.All(told, one => Assert.DoesNotContain("secret", one.Message));
        Assert.DoesNotContain("secret", client.Log.Text);
    }

    private static void Fail(bool isSo = true)
    {
        if (isSo) throw new TokenStoreException("The disk is full.");
    }
}
