using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Admin;

public sealed class AdminAccountsTests(SqliteServerFixture fixture) : IClassFixture<SqliteServerFixture>
{
    private readonly TestServer server = fixture.Server;

    [Theory]
    [InlineData("GET", "/admin/users")]
    [InlineData("PATCH", "/admin/users/x")]
    [InlineData("POST", "/admin/users/x/end-sessions")]
    [InlineData("GET", "/admin/sessions")]
    [InlineData("DELETE", "/admin/sessions/x")]
    [InlineData("POST", "/admin/end-all")]
    [InlineData("GET", "/admin/keys")]
    [InlineData("POST", "/admin/keys/rotate")]
    [InlineData("DELETE", "/admin/keys/x")]
    [InlineData("GET", "/admin/events")]
    public async Task Admin_IsRefused_WithoutTheRole(string method, string path)
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.SendAsync(new HttpMethod(method), path, token: tokens.AccessToken)).IsProblem(403, "role_missing");
        (await server.SendAsync(new HttpMethod(method), path)).IsProblem(401, "token_missing");
    }

    [Fact]
    public async Task List_FindsAnAccountByName_WithWhatAnAdministratorSees()
    {
        var (name, _) = await server.RegisterAsync();

        var list = (await server.GetAsync($"/admin/users?username={name.ToUpperInvariant()}", await server.AdminAsync())).Is(200);

        var item = Assert.Single(list["items"].EnumerateArray());
        Assert.Equal(
            ["sub", "username", "roles", "created_at", "disabled", "epoch", "claims_version"], item.EnumerateObject().Select(member => member.Name));
        Assert.Equal(name, item.GetProperty("username").GetString());
        Assert.Empty((await server.GetAsync("/admin/users?username=nobody-here", await server.AdminAsync())).Is(200)["items"].EnumerateArray());
    }

    [Fact]
    public async Task List_IsPaged_WithoutLossOrRepetition()
    {
        for (var i = 0; i < 5; i++) await server.RegisterAsync();
        var admin = await server.AdminAsync();
        var all = Names((await server.GetAsync("/admin/users?limit=200", admin)).Is(200));

        var (paged, next) = (new List<string>(), "");
        do
        {
            var page = (await server.GetAsync($"/admin/users?limit=2{next}", admin)).Is(200);
            paged.AddRange(Names(page));
            next = page.String("next") is { } id ? $"&after={id}" : null;
        }
        while (next is not null);

        Assert.True(all.Count > 5);
        Assert.Equal(all, paged);
    }

    [Fact]
    public async Task ChangeRoles_MakesTokensStale_AndTheRefreshedOneHasTheRole()
    {
        var (_, tokens) = await server.RegisterAsync();
        var sub = await SubAsync(tokens);

        var changed = (await server.PatchAsync($"/admin/users/{sub}", new { roles = new[] { "admin", "reader" } }, await server.AdminAsync())).Is(200);

        Assert.Equal(["admin", "reader"], changed["roles"].EnumerateArray().Select(role => role.GetString()).Order());
        Assert.Equal(1, changed["claims_version"].GetInt32());
        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "claims_stale");
        (await server.GetAsync("/admin/users", tokens.AccessToken)).IsProblem(401, "claims_stale");
        var next = (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        (await server.GetAsync("/admin/users", next.AccessToken)).Is(200);

        (await server.PatchAsync($"/admin/users/{sub}", new { roles = Array.Empty<string>() }, await server.AdminAsync())).Is(200);
        next = (await server.RefreshAsync(next.RefreshToken)).Is(200);
        (await server.GetAsync("/admin/users", next.AccessToken)).IsProblem(403, "role_missing");
    }

    [Fact]
    public async Task Disable_EndsSessionsAndRefusesLogIn_UntilTheAccountIsEnabled()
    {
        var (name, tokens) = await server.RegisterAsync();
        var (sub, admin) = (await SubAsync(tokens), await server.AdminAsync());

        Assert.True((await server.PatchAsync($"/admin/users/{sub}", new { disabled = true }, admin)).Is(200)["disabled"].GetBoolean());

        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "token_revoked", "account_disabled");
        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "account_disabled");
        (await server.LoginAsync(name)).IsProblem(403, "sign_in_refused");
        (await server.LoginAsync(name, "a wrong password")).IsProblem(401, "invalid_credentials");
        Assert.False((await server.PatchAsync($"/admin/users/{sub}", new { disabled = false }, admin)).Is(200)["disabled"].GetBoolean());
        (await server.LoginAsync(name)).Is(200);
        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "account_disabled");
    }

    [Fact]
    public async Task EndSessions_EndsAllOfAnAccount()
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.PostAsync($"/admin/users/{await SubAsync(tokens)}/end-sessions", null, await server.AdminAsync())).Is(204);

        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "token_revoked", "ended_by_admin");
        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "ended_by_admin");
    }

    [Fact]
    public async Task EndSessions_OnlyHasTokensRefreshed_WhenSoft()
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.PostAsync($"/admin/users/{await SubAsync(tokens)}/end-sessions", new { soft = true }, await server.AdminAsync())).Is(204);

        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "claims_stale");
        var next = (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        (await server.GetAsync("/auth/me", next.AccessToken)).Is(200);
    }

    [Fact]
    public async Task Change_Is404_WhenThereIsNoSuchAccount()
    {
        var admin = await server.AdminAsync();

        (await server.PatchAsync("/admin/users/nobody", new { disabled = true }, admin)).IsProblem(404, "not_found");
        (await server.PostAsync("/admin/users/nobody/end-sessions", null, admin)).IsProblem(404, "not_found");
    }

    [Theory]
    [InlineData("""{"roles": ["has blank"]}""")]
    [InlineData("""{"roles": [null]}""")]
    [InlineData("""{"roles": [""]}""")]
    [InlineData("""{"roles": [7]}""")]
    [InlineData("""{"roles": "admin"}""")]
    [InlineData("""{"disabled": "true"}""")]
    [InlineData("""{"email": "no address"}""")]
    public async Task Change_IsRefusedAndNothingChanges_WhenAMemberIsMalformed(string body)
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.PatchAsync($"/admin/users/{await SubAsync(tokens)}", body, await server.AdminAsync())).IsProblem(400, "request_malformed");

        (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200);
    }

    [Fact]
    public async Task Change_IsRefused_WhenThereAreTooManyRoles()
    {
        var (_, tokens) = await server.RegisterAsync();
        var roles = Enumerable.Range(0, 21).Select(i => $"role{i}").ToArray();

        (await server.PatchAsync($"/admin/users/{await SubAsync(tokens)}", new { roles }, await server.AdminAsync())).IsProblem(400, "request_malformed");
    }

    [Fact]
    public async Task Change_LeavesRoomForAToken_WhenTheRolesAreAsLargeAsTheyMayBe()
    {
        var (_, tokens) = await server.RegisterAsync();
        var roles = Enumerable.Range(10, 16).Select(i => $"{i}".PadRight(12, 'r')).ToArray();

        (await server.PatchAsync($"/admin/users/{await SubAsync(tokens)}", new { roles }, await server.AdminAsync())).Is(200);

        var next = (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        Assert.Equal(16, (await server.GetAsync("/auth/me", next.AccessToken)).Is(200)["roles"].GetArrayLength());
    }

    private static List<string> Names(Answer list) => [.. list["items"].EnumerateArray().Select(item => item.GetProperty("username").GetString()!)];

    private async Task<string> SubAsync(Answer tokens) => (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200).String("sub")!;
}
