using System.Net.Http.Json;
using Symbolon.Client.Tests.Support;
using Symbolon.Sessions;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Sessions;

/// <summary>What ends a session, and who is told.</summary>
public class EndTests
{
    [Fact]
    public async Task Logout_EndsHereAndThere()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        var stored = (await client.StoredAsync())!;

        await client.Session.LogoutAsync();

        Assert.Null(await client.Session.GetTokenAsync());
        Assert.Null(await client.StoredAsync());
        Assert.Equal(RefreshOutcome.SignedOut, await client.Session.RefreshAsync());
        Assert.Equal("session_ended", await CodeOfRefreshAsync(authority, stored.RefreshToken));
        await Patiently.TrueAsync(() => Task.FromResult(client.Ends.Count == 1), () => "Listeners are not told.");
        Assert.Equal(["logout Logout"], client.Ends);
        Assert.Equal(401, await client.CallAsync()); // without a token
    }

    [Fact]
    public async Task Logout_Wins_WhenARefreshIsUnderWay()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        var gate = authority.Faults.HoldAnswers("/auth/refresh"); // rotated, the answer is on its way
        var refresh = client.Session.RefreshAsync().AsTask();
        await gate.Reached;

        await client.Session.LogoutAsync();
        gate.Open();

        Assert.Equal(RefreshOutcome.SignedOut, await refresh);
        Assert.Null(await client.StoredAsync()); // nothing is written back
        Assert.Null(await client.Session.GetTokenAsync());
    }

    [Fact]
    public async Task Logout_ReachesTheOtherProgramOnTheStore()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new MemoryTokenStore();
        using var a = await authority.SignedInAsync(store: store);
        using var b = authority.Client(store: store);
        Assert.Equal(200, await b.CallAsync());
        var gate = authority.Faults.HoldAnswers("/auth/refresh");
        var refresh = b.Session.RefreshAsync().AsTask();
        await gate.Reached;

        await a.Session.LogoutAsync();
        gate.Open();

        Assert.Equal(RefreshOutcome.SignedOut, await refresh);
        Assert.Null(await store.LoadAsync(SymbolonClient.DefaultSessionKey, default));
        await Patiently.TrueAsync(() => Task.FromResult(b.Ends.Count == 1), () => "The other's listeners are not told.");
    }

    [Fact]
    public async Task Logout_IsToldLater_WhenOffline()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time);
        var token = (await client.StoredAsync())!.RefreshToken;
        authority.Faults.Cut("/auth/logout");

        await client.Session.LogoutAsync();
        Assert.Null(await client.Session.GetTokenAsync());
        authority.Faults.Clear();

        await Patiently.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(authority.Count("/auth/logout") >= 2);
        }, () => "The authority is not told.");
        await Patiently.TrueAsync(async () => await client.StoredAsync("default\u001flogout") is null, () => "The note stays.");
        Assert.Equal("session_ended", await CodeOfRefreshAsync(authority, token));
    }

    [Fact]
    public async Task Logout_IsToldByTheNextRun_WhenTheProgramEndsOffline()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new MemoryTokenStore();
        string token;
        using (var client = await authority.SignedInAsync(store: store))
        {
            token = (await client.StoredAsync())!.RefreshToken;
            authority.Faults.Cut("/auth/logout");
            await client.Session.LogoutAsync();
        }

        authority.Faults.Clear();
        authority.Faults.Asked.Clear();
        using var next = authority.Client(store: store);
        Assert.Null(await next.Session.GetTokenAsync());

        await Patiently.TrueAsync(() => Task.FromResult(authority.Count("/auth/logout") == 1), () => "The authority is not told.");
        await Patiently.TrueAsync(async () => await next.StoredAsync("default\u001flogout") is null, () => "The note stays.");
        Assert.Equal("session_ended", await CodeOfRefreshAsync(authority, token));
    }

    [Fact]
    public async Task AdministratorsEnd_IsToldAtTheNextCall()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        using var admin = await authority.AdminAsync();
        using var ended = await admin.Http.DeleteAsync($"/admin/sessions/{(await client.StoredAsync())!.SessionId}");
        Assert.Equal(204, (int)ended.StatusCode);

        await authority.SeenAsync();
        var end = await Assert.ThrowsAsync<SignedOutException>(() => client.CallAsync());

        Assert.Equal(("session_ended", EndReason.EndedByAdmin, "default"), (end.Code, end.Reason, end.SessionKey));
        Assert.True((await client.StoredAsync())!.IsOver);
        Assert.Empty((await client.StoredAsync())!.RefreshToken);
        for (var i = 0; i < 5; i++) await Assert.ThrowsAsync<SignedOutException>(async () => await client.Session.GetTokenAsync());
        Assert.Equal(1, authority.Refreshes); // no loop
        await Patiently.TrueAsync(() => Task.FromResult(!client.Ends.IsEmpty), () => "Listeners are not told.");
        Assert.Equal(["session_ended EndedByAdmin"], client.Ends);
        await client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
        Assert.Equal(200, await client.CallAsync());
    }

    [Fact]
    public async Task StolenTokenUsed_EndsTheSession_WithThatReason()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        var stolen = (await client.StoredAsync())!.RefreshToken;
        for (var i = 0; i < 2; i++) Assert.Equal(RefreshOutcome.Refreshed, await client.Session.RefreshAsync());
        authority.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("refresh_reuse", await CodeOfRefreshAsync(authority, stolen));

        var ends = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Assert.ThrowsAsync<SignedOutException>(() => client.CallAsync())));

        Assert.All(ends, end => Assert.Equal(EndReason.RefreshReuse, end.Reason));
        Assert.Equal(4, authority.Refreshes); // two honest ones, the thief's, and one that learned of it
    }

    [Fact]
    public async Task ChangedRole_CountsAtTheNextCall()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        using var admin = await authority.AdminAsync();
        var users = await admin.Http.GetFromJsonAsync<System.Text.Json.JsonElement>($"/admin/users?username={TestAuthority.User}");
        var sub = users.GetProperty("items")[0].GetProperty("sub").GetString();
        Assert.Equal("", await client.Http.GetStringAsync("/api/roles"));
        using var changed = await admin.Http.PatchAsJsonAsync($"/admin/users/{sub}", new { roles = new[] { "clerk" } });
        changed.EnsureSuccessStatusCode();

        await authority.SeenAsync();
        Assert.Equal("clerk", await client.Http.GetStringAsync("/api/roles"));
        Assert.Equal(1, authority.Refreshes);
        Assert.Empty(client.Ends);
    }

    [Fact]
    public async Task Listener_HoldsNobodyUp_WhenItThrowsOrWaits()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        using var never = new ManualResetEventSlim();
        client.Client.SignedOut += (_, _) => throw new InvalidOperationException("secret");
        client.Client.SignedOut += (_, _) => never.Wait(Patiently.Patience);
        var told = new TaskCompletionSource<RefreshOutcome>();
        client.Client.SignedOut += async (_, _) => told.SetResult(await client.Session.RefreshAsync()); // comes back in

        await client.Session.LogoutAsync();

        Assert.Equal(RefreshOutcome.SignedOut, await told.Task.WaitAsync(Patiently.Patience));
        never.Set();
        await Patiently.TrueAsync(() => Task.FromResult(client.Log.Text.Contains("5012")), () => "Not logged.");
        Assert.DoesNotContain("secret", client.Log.Text);
    }

    [Fact]
    public async Task LogoutOfOthers_LeavesThisOne()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        using var other = await authority.SignedInAsync();

        await client.Session.LogoutAsync(LogoutScope.Others);

        Assert.Equal(200, await client.CallAsync());
        await Assert.ThrowsAsync<SignedOutException>(() => other.CallAsync());
    }

    [Fact]
    public async Task LogoutOfAll_EndsThisOneToo()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        using var other = await authority.SignedInAsync();

        await client.Session.LogoutAsync(LogoutScope.All);

        Assert.Null(await client.Session.GetTokenAsync());
        await Assert.ThrowsAsync<SignedOutException>(() => other.CallAsync());
    }

    [Fact]
    public async Task LogoutOfAll_SaysSo_WhenOthersWereNotEnded()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        authority.Faults.Cut("/auth/sessions");

        await Assert.ThrowsAsync<SymbolonUnavailableException>(() => client.Session.LogoutAsync(LogoutScope.All));

        Assert.Null(await client.Session.GetTokenAsync());
        Assert.Equal(1, authority.Count("/auth/logout"));
    }

    private static async Task<string?> CodeOfRefreshAsync(TestAuthority authority, string refreshToken)
    {
        using var http = new HttpClient { BaseAddress = authority.Address };
        using var response = await http.PostAsJsonAsync("/auth/refresh", new { refresh_token = refreshToken });
        return (await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).TryGetProperty("code", out var code) ? code.GetString() : null;
    }
}
