using Symbolon.Client.Tests.Support;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Sessions;

/// <summary>Log-ins and log-outs that cross what is under way: the last word is the user's.</summary>
public class CrossingTests
{
    [Fact]
    public async Task Logout_Wins_WhenALoadIsUnderWay()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new HookedStore();
        using var before = await authority.SignedInAsync(store: store);
        using var client = authority.Client(store: store);
        var gate = store.HoldFirstLoad();
        var token = client.Session.GetTokenAsync().AsTask(); // has read the token, and does not hold it yet
        await gate.Reached;

        await client.Session.LogoutAsync();
        gate.Open();

        Assert.Null(await token);
        Assert.Null(await client.Session.GetTokenAsync());
    }

    [Fact]
    public async Task Login_Wins_WhenALoadIsUnderWay()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new HookedStore();
        using var before = await authority.SignedInAsync(store: store);
        using var client = authority.Client(store: store);
        var gate = store.HoldFirstLoad();
        var token = client.Session.GetTokenAsync().AsTask();
        await gate.Reached;

        var session = await client.Session.LoginAsync(new LoginRequest("admin", TestAuthority.AdminPassword));
        gate.Open();

        Assert.Equal(session.Id, (await token)!.SessionId);
        Assert.Equal(session.Id, (await client.Session.GetTokenAsync())!.SessionId);
        Assert.Equal("admin", await client.Http.GetStringAsync("/api/roles"));
    }

    [Fact]
    public async Task Logout_Wins_WhenARefreshedTokenCannotBeStored()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new HookedStore();
        using var client = await authority.SignedInAsync(store: store);
        var gate = authority.Faults.HoldAnswers("/auth/refresh");
        var refresh = client.Session.RefreshAsync().AsTask();
        await gate.Reached;

        await client.Session.LogoutAsync();
        store.Saving = _ => throw new TokenStoreException("The disk is full."); // what is rotated lives in memory alone
        gate.Open();

        Assert.Equal(RefreshOutcome.SignedOut, await refresh);
        Assert.Null(await client.Session.GetTokenAsync());
    }

    [Fact]
    public async Task Logout_IsToldOnce_WhenARefreshNoticesItFirst()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new HookedStore();
        using var client = await authority.SignedInAsync(store: store);
        var answers = authority.Faults.HoldAnswers("/auth/refresh");
        var refresh = client.Session.RefreshAsync().AsTask();
        await answers.Reached;
        var gate = new Gate();
        store.Cleared = key => key == SymbolonClient.DefaultSessionKey ? gate.PassAsync() : Task.CompletedTask;

        var logout = client.Session.LogoutAsync();
        await gate.Reached;
        answers.Open();
        Assert.Equal(RefreshOutcome.SignedOut, await refresh);
        gate.Open();
        await logout;

        Assert.Equal(1, client.Log.Count(5004));
    }

    [Fact]
    public async Task Logout_Wins_WhenALoginHasStoredItsSession()
    {
        await using var authority = await TestAuthority.StartAsync();
        var (store, gate) = (new HookedStore(), new Gate());
        using var client = authority.Client(store: store);
        store.Saved = _ => gate.PassAsync(); // and does not hold it yet
        var login = client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
        await gate.Reached;
        store.Saved = null;

        await client.Session.LogoutAsync();
        gate.Open();
        await login;

        Assert.Null(await client.StoredAsync());
        Assert.Null(await client.Session.GetTokenAsync());
    }

    [Fact]
    public async Task LogoutOfAll_EndsThisOne_WhenTheCallerLeaves()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        var gate = authority.Faults.Hold("/auth/sessions");
        using var leaving = new CancellationTokenSource();
        var logout = client.Session.LogoutAsync(LogoutScope.All, leaving.Token);
        await gate.Reached;

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => logout);
        Assert.Null(await client.Session.GetTokenAsync());
        await Patiently.TrueAsync(() => authority.Count("/auth/logout") == 1, "The authority is not told.");
        gate.Open();
    }

    [Fact]
    public async Task Logout_IsToldLater_WhenTheCallerLeavesAndTheFirstTryFails()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time);
        var gate = new Gate();
        authority.Faults.On("/auth/logout", async (http, _) =>
        {
            await gate.PassAsync();
            http.Abort();
        });
        using var leaving = new CancellationTokenSource();
        var logout = client.Session.LogoutAsync(ct: leaving.Token);
        await gate.Reached;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => logout);

        authority.Faults.Clear();
        gate.Open();

        await Patiently.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return authority.Count("/auth/logout") >= 2;
        }, "The authority is not told.");
    }

    [Fact]
    public async Task ReplacedSessions_AreEndedByTheNextRun_WhenTheProgramEndsFirst()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new MemoryTokenStore();
        authority.Faults.Cut("/auth/logout");
        var ended = new List<string>();
        using (var client = await authority.SignedInAsync(store: store))
        {
            for (var i = 0; i < 2; i++) // a command-line program that logs in, over the session before
            {
                ended.Add((await client.StoredAsync())!.SessionId);
                await client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
            }

            ended.Add((await client.StoredAsync())!.SessionId);
            await client.Session.LogoutAsync();
        }

        authority.Faults.Clear();
        using var next = authority.Client(store: store);
        Assert.Null(await next.Session.GetTokenAsync());

        using var admin = await authority.AdminAsync();
        await Patiently.TrueAsync(async () =>
        {
            var live = await admin.Http.GetStringAsync("/admin/sessions?live=true");
            return !ended.Exists(live.Contains);
        }, () => "They go on.");
    }
}
