using Symbolon.Client.Tests.Support;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Sessions;

/// <summary>Beginning a session.</summary>
public class LoginTests
{
    [Fact]
    public async Task Login_TellsTheSession()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = authority.Client();
        Assert.Null(await client.Session.GetTokenAsync());

        var session = await client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password) { Device = new LoginDevice("build machine", "worker"), Remember = false });

        Assert.Equal((TimeSpan.FromHours(12), TimeSpan.Zero), (session.EndsIn, session.ClockSkew));
        Assert.Equal(session.Id, (await client.Session.GetTokenAsync())!.SessionId);
        Assert.Contains("build machine", await client.Http.GetStringAsync("/auth/session"));
    }

    [Fact]
    public async Task Login_IsRefused_WithTheCode()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = authority.Client();
        var refused = await Assert.ThrowsAsync<LoginRefusedException>(() => client.Session.LoginAsync(new LoginRequest(TestAuthority.User, "wrong wrong wrong")));
        Assert.Equal((401, "invalid_credentials"), (refused.Status, refused.Code));
        var taken = await Assert.ThrowsAsync<LoginRefusedException>(() => client.Session.LoginAsync(new RegisterRequest(TestAuthority.User, TestAuthority.Password)));
        Assert.Equal((409, "username_taken"), (taken.Status, taken.Code));
    }

    [Fact]
    public async Task Register_SignsIn_AlsoWhereTheAuthorityDoesNot()
    {
        await using var authority = await TestAuthority.StartAsync(("Symbolon:Accounts:LoginOnRegister", "true"));
        using var client = authority.Client();
        await client.Session.LoginAsync(new RegisterRequest("grace", TestAuthority.Password) { DisplayName = "Grace" });
        Assert.Contains("Grace", await client.Http.GetStringAsync("/auth/me"));
        authority.Faults.On("/auth/register", async (http, _) => // as with LoginOnRegister off
        {
            (http.Response.StatusCode, http.Response.ContentType) = (201, "application/json");
            await http.Response.Body.WriteAsync("""{"sub":"1","username":"grace","roles":[]}"""u8.ToArray());
        });

        await client.Session.LoginAsync(new RegisterRequest("grace", TestAuthority.Password));

        Assert.Equal(200, await client.CallAsync());
    }

    [Theory]
    [InlineData(200, "text/html")]
    [InlineData(404, "text/html")]
    [InlineData(302, "text/html")]
    [InlineData(401, "application/json")]
    [InlineData(200, "application/json")]
    public async Task Login_SaysSo_WhenTheServerIsNotSymbolon(int status, string type)
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = authority.Client();
        authority.Faults.Answer("/auth/login", status, type: type, body: "{}");

        var other = await Assert.ThrowsAsync<NotSymbolonException>(() => client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password)));

        Assert.Contains("not Symbolon. Check the Authority's address and Path", other.Message);
    }

    [Fact]
    public async Task Login_SaysSo_WhenNobodyAnswers()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = authority.Client();
        authority.Faults.Cut("/auth/login");
        await Assert.ThrowsAsync<SymbolonUnavailableException>(() => client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password)));
        authority.Faults.Answer("/auth/login", 503, "20", "application/problem+json", """{"type":"urn:symbolon:unavailable","code":"unavailable"}""");
        var down = await Assert.ThrowsAsync<SymbolonUnavailableException>(() => client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password)));
        Assert.Equal(TimeSpan.FromSeconds(20), down.RetryAfter);
    }

    [Fact]
    public async Task SecondLogin_EndsTheSessionBefore()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        var before = (await client.StoredAsync())!;

        await client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));

        Assert.True((await client.StoredAsync())!.Version > before.Version);
        await Patiently.TrueAsync(() => Task.FromResult(authority.Count("/auth/logout") == 1), () => "The session before goes on.");
        Assert.Equal(200, await client.CallAsync());
        Assert.Empty(client.Ends);
    }

    [Fact]
    public async Task Login_Wins_WhenARefreshOfTheSessionBeforeIsUnderWay()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        var gate = authority.Faults.HoldAnswers("/auth/refresh");
        var refresh = client.Session.RefreshAsync().AsTask();
        await gate.Reached;

        var session = await client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
        gate.Open();

        Assert.Equal(RefreshOutcome.AlreadyNewer, await refresh);
        Assert.Equal(session.Id, (await client.StoredAsync())!.SessionId);
        Assert.Equal(session.Id, (await client.Session.GetTokenAsync())!.SessionId);
    }

    [Fact]
    public async Task Keys_AreSessionsOfTheirOwn()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = authority.Client();
        await client.Client.SessionOf("ada").LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
        await client.Client.SessionOf("admin").LoginAsync(new LoginRequest("admin", TestAuthority.AdminPassword));

        Assert.Equal("", await RolesAsync("ada"));
        Assert.Equal("admin", await RolesAsync("admin"));
        await client.Client.SessionOf("ada").LogoutAsync();
        Assert.Equal("admin", await RolesAsync("admin"));
        Assert.Null(await client.Session.GetTokenAsync());
        Assert.Throws<ArgumentException>(() => client.Client.SessionOf("a\u001flogout"));

        async Task<string> RolesAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/roles").UseSession(key);
            using var response = await client.Http.SendAsync(request);
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task Login_Works_WhenTheAuthoritysClockIsNonsense(long serverTime)
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = authority.Client();
        authority.Faults.Answer("/auth/login", 200, type: "application/json", body: $$"""{"access_token":"a","refresh_token":"r","expires_in":600,"session_id":"s","generation":1,"server_time":{{serverTime}}}""");

        var session = await client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));

        Assert.Equal(("s", null), (session.Id, session.ClockSkew));
    }
}
