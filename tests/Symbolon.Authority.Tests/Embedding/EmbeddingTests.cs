using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Embedding;

public sealed class EmbeddingTests : IAsyncLifetime
{
    private readonly AppUserStore store = new();
    private TestServer app = null!;

    public async ValueTask InitializeAsync() => app = await App.StartAsync(store);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV3)]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV2)]
    public async Task Login_RenewsAnOldHash_AndLeavesTheStamp(PasswordHasherCompatibilityMode mode)
    {
        await AddUserAsync("ada", user => user.PasswordHash = OldHash(user, mode));
        var before = store.Row("ada");
        var first = (await app.LoginAsync("ada")).Is(200);

        var renewed = store.Row("ada");
        var second = (await app.LoginAsync("ada")).Is(200);

        Assert.NotEqual(before.PasswordHash, renewed.PasswordHash);
        Assert.Equal(before.SecurityStamp, renewed.SecurityStamp);
        Assert.Equal(renewed.PasswordHash, store.Row("ada").PasswordHash);
        (await app.RefreshAsync(first.RefreshToken)).Is(200);
        (await app.RefreshAsync(second.RefreshToken)).Is(200);
    }

    [Fact]
    public async Task Login_ObeysTheApplication_WhenTheAddressIsNotConfirmed()
    {
        await AddUserAsync("ada", user => user.EmailConfirmed = false);

        (await app.LoginAsync("ada")).IsProblem(403, "sign_in_refused");
        (await app.LoginAsync("ada", "a wrong password")).IsProblem(401, "invalid_credentials");
    }

    [Fact]
    public async Task Login_ObeysTheApplication_WhenASecondFactorIsOn()
    {
        await AddUserAsync("ada", user => user.TwoFactorEnabled = true);

        (await app.LoginAsync("ada")).IsProblem(403, "second_factor_required");
        (await app.LoginAsync("ada", "a wrong password")).IsProblem(401, "invalid_credentials");
    }

    [Fact]
    public async Task Register_ObeysTheApplication_AndItsRules()
    {
        (await app.PostAsync("/auth/register", new { username = "ada", password = "lowercase only" })).IsProblem(400, "password_too_weak"); // Identity's own defaults
        (await app.PostAsync("/auth/register", new { username = "a b", password = "Corr3ct horse!" })).IsProblem(400, "request_malformed");

        var tokens = (await app.PostAsync("/auth/register", new { username = "ada", password = "Corr3ct horse!", display_name = "Ada" })).Is(201);

        Assert.Equal(("ada", "Ada"), (store.Row("ada").UserName, store.Row("ada").Nickname));
        (await app.GetAsync("/auth/me", tokens.AccessToken)).Is(200);
        (await app.LoginAsync("ada", "Corr3ct horse!")).IsProblem(403, "sign_in_refused"); // not confirmed yet
    }

    [Fact]
    public async Task Session_Ends_WhenTheApplicationChangesTheStamp()
    {
        await AddUserAsync("ada");
        var tokens = (await app.LoginAsync("ada")).Is(200);

        await ChangeAsync("ada", (users, user) => users.UpdateSecurityStampAsync(user));

        (await app.GetAsync("/theirs", tokens.AccessToken)).IsProblem(401, "token_revoked", "password_changed");
        (await app.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "password_changed");
    }

    [Fact]
    public async Task Session_GoesOn_WhenTheAddressIsChangedHere()
    {
        await AddUserAsync("ada");
        var (one, two) = ((await app.LoginAsync("ada")).Is(200), (await app.LoginAsync("ada")).Is(200));
        var stamp = store.Row("ada").SecurityStamp;

        (await app.PatchAsync("/auth/me", new { email = "new@mail.example", password = TestServer.Password }, one.AccessToken)).Is(200);

        Assert.NotEqual(stamp, store.Row("ada").SecurityStamp);
        Assert.False(store.Row("ada").EmailConfirmed);
        (await app.GetAsync("/auth/me", one.AccessToken)).Is(200);
        (await app.RefreshAsync(one.RefreshToken)).Is(200);
        (await app.RefreshAsync(two.RefreshToken)).Is(200);
    }

    [Fact]
    public async Task Session_Ends_WhenTheApplicationDeletesTheUser()
    {
        await AddUserAsync("ada");
        var tokens = (await app.LoginAsync("ada")).Is(200);

        await ChangeAsync("ada", (users, user) => users.DeleteAsync(user));

        (await app.GetAsync("/theirs", tokens.AccessToken)).IsProblem(401, "token_revoked", "account_deleted");
        (await app.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "account_deleted");
        (await app.LoginAsync("ada")).IsProblem(401, "invalid_credentials");
    }

    [Fact]
    public async Task Token_CarriesTheApplicationsClaims_AndItsEndpointsReadThem()
    {
        await AddUserAsync("ada", user => user.Tenant = "globex");
        var tokens = (await app.LoginAsync("ada")).Is(200);

        Assert.Equal("globex", Claims(tokens).GetProperty("tenant").GetString());
        Assert.Equal("Symbolon globex", (await app.GetAsync("/own", tokens.AccessToken)).Is(200).Text);
        Assert.Equal("globex", (await app.GetAsync("/theirs", tokens.AccessToken)).Is(200).Text);
        (await app.GetAsync("/own")).IsProblem(401, "token_missing");
    }

    [Fact]
    public async Task Role_IsJudged_AtTheApplicationsEndpoints()
    {
        await AddUserAsync("ada");
        var tokens = (await app.LoginAsync("ada")).Is(200);
        (await app.GetAsync("/managers", tokens.AccessToken)).IsProblem(403, "role_missing");

        await ChangeAsync("ada", (users, user) => users.AddToRoleAsync(user, "manager"));
        await app.Authority.ClaimsChangedAsync(new Symbolon.Sessions.SubjectId(store.Row("ada").Id));

        (await app.GetAsync("/theirs", tokens.AccessToken)).IsProblem(401, "claims_stale");
        (await app.GetAsync("/managers", (await app.RefreshAsync(tokens.RefreshToken)).Is(200).AccessToken)).Is(200);
    }

    [Fact]
    public async Task WhatEnds_IsObeyed_AtTheApplicationsEndpoints_WithoutAQuestion() // by the log in this process; /anyone asks nobody
    {
        await AddUserAsync("ada");
        var (one, other) = ((await app.LoginAsync("ada")).Is(200), (await app.LoginAsync("ada")).Is(200));
        foreach (var tokens in new[] { one, other }) (await app.GetAsync("/anyone", tokens.AccessToken)).Is(200);

        await app.Authority.EndAsync(Sid(one), Symbolon.Sessions.EndReason.Logout);
        await RefusedAsync(one, "token_revoked", "logout");
        (await app.GetAsync("/anyone", other.AccessToken)).Is(200);

        await app.Authority.ClaimsChangedAsync(new Symbolon.Sessions.SubjectId(store.Row("ada").Id));
        await RefusedAsync(other, "claims_stale", null);
        var fresh = (await app.RefreshAsync(other.RefreshToken)).Is(200);
        (await app.GetAsync("/anyone", fresh.AccessToken)).Is(200);

        await app.Authority.EndAllAsync(new Symbolon.Sessions.SubjectId(store.Row("ada").Id), Symbolon.Sessions.EndReason.AccountDisabled);
        await RefusedAsync(fresh, "token_revoked", "account_disabled");
    }

    [Fact]
    public async Task Scope_IsJudged_AtTheApplicationsEndpoints()
    {
        await AddUserAsync("ada");
        var plain = (await app.LoginAsync("ada")).Is(200);
        var reporter = (await app.PostAsync("/auth/login", new { username = "ada", password = TestServer.Password, client_id = "reporter" })).Is(200);

        var refused = await app.GetAsync("/reports", plain.AccessToken);

        refused.IsProblem(403, "scope_missing");
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"reports\"", refused.Header("WWW-Authenticate"));
        (await app.GetAsync("/reports", reporter.AccessToken)).Is(200);
    }

    [Fact]
    public async Task Start_GivesTokens_AfterTheApplicationsOwnLogIn()
    {
        await AddUserAsync("ada", user => user.TwoFactorEnabled = true);

        var tokens = (await app.PostAsync("/own-login?name=ada")).Is(200);

        var claims = Claims(tokens);
        Assert.Equal(("high", "otp"), (claims.GetProperty("acr").GetString(), claims.GetProperty("amr")[0].GetString()));
        Assert.Equal("no-store", tokens.Header("Cache-Control"));
        (await app.RefreshAsync(tokens.RefreshToken)).Is(200);
        await app.Authority.EndAsync(Sid(tokens), Symbolon.Sessions.EndReason.Risk);
        (await app.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "risk");
    }

    [Fact]
    public async Task ChangePassword_And_Delete_GoThroughTheApplicationsStore()
    {
        await AddUserAsync("ada");
        var tokens = (await app.LoginAsync("ada")).Is(200);

        var next = (await app.PostAsync("/auth/password", new { current_password = TestServer.Password, new_password = "An0ther one!" }, tokens.AccessToken)).Is(200);

        (await app.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "password_changed");
        (await app.RefreshAsync(next.RefreshToken)).Is(200);
        (await app.DeleteAsync("/auth/account", next.AccessToken, new { password = "An0ther one!" })).Is(204);
        Assert.Null(await store.FindByNameAsync("ADA", CancellationToken.None));
    }

    [Theory]
    [InlineData("/auth/login", "text/plain", 415, "media_type")]
    [InlineData("/auth/login", "application/json", 400, "request_malformed")]
    [InlineData("/oauth/token", "application/json", 400, "request_malformed")]
    public async Task Body_IsRefusedWithAReason_AlsoWithoutTheServersErrorPages(string path, string type, int status, string code)
    {
        var answer = await app.PostAsync(path, new StringContent("{", System.Text.Encoding.UTF8, type));

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    public async Task Map_LeavesTheApplicationsPathsAlone(string path) => (await app.GetAsync(path)).Is(404);

    [Fact]
    public async Task Scheme_OfTheApplication_StaysTheDefault()
    {
        await using var other = await App.StartAsync(store, withOwnScheme: true);
        await AddUserAsync("ada");
        var tokens = (await other.LoginAsync("ada")).Is(200);

        Assert.Equal("app ", (await other.GetAsync("/own", null, ("X-App-User", "1"))).Is(200).Text);
        (await other.GetAsync("/own", tokens.AccessToken)).Is(401);
        (await other.GetAsync("/theirs", null, ("X-App-User", "1"))).IsProblem(401, "token_missing");
        (await other.GetAsync("/theirs", tokens.AccessToken)).Is(200);
        (await other.GetAsync("/auth/me", tokens.AccessToken)).Is(200);
        (await other.PostAsync("/auth/logout", null, tokens.AccessToken)).Is(204);
        (await other.GetAsync("/theirs", tokens.AccessToken)).IsProblem(401, "token_revoked", "logout");
    }

    [Fact]
    public void DataProtection_IsNotInvolved() =>
        Assert.Null(app.Services.GetService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>());

    private static string OldHash(AppUser user, PasswordHasherCompatibilityMode mode) => new PasswordHasher<AppUser>(
        Options.Create(new PasswordHasherOptions { IterationCount = 50, CompatibilityMode = mode })).HashPassword(user, TestServer.Password);

    private static JsonElement Claims(Answer tokens) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(tokens.AccessToken.Split('.')[1])).RootElement;

    private static Symbolon.Sessions.SessionId Sid(Answer tokens) =>
        Symbolon.Sessions.SessionId.TryParse(tokens.SessionId, out var id) ? id : throw new InvalidOperationException(tokens.SessionId);

    // As the application put its users there, long before the authority came.
    private async Task AddUserAsync(string name, Action<AppUser>? change = null)
    {
        var user = new AppUser { UserName = name, NormalizedUserName = name.ToUpperInvariant(), Email = $"{name}@mail.example", EmailConfirmed = true, SecurityStamp = "old" };
        user.PasswordHash = OldHash(user, PasswordHasherCompatibilityMode.IdentityV3);
        change?.Invoke(user);
        await store.CreateAsync(user, CancellationToken.None);
    }

    // As soon as the log's reader has it, which nobody waits for here.
    private async Task RefusedAsync(Answer tokens, string code, string? reason)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await app.GetAsync("/anyone", tokens.AccessToken)).Status == 200) patience.Token.ThrowIfCancellationRequested();
        (await app.GetAsync("/anyone", tokens.AccessToken)).IsProblem(401, code, reason);
    }

    private async Task ChangeAsync(string name, Func<UserManager<AppUser>, AppUser, Task<IdentityResult>> change)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        Assert.True((await change(users, (await users.FindByNameAsync(name))!)).Succeeded);
    }
}
