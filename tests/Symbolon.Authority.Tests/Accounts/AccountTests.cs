using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Accounts;

public sealed class AccountTests(SqliteServerFixture fixture) : IClassFixture<SqliteServerFixture>
{
    private const string NewPassword = "a quite different one";
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task ChangeMe_ChangesTheProfile_AndKeepsEverySession()
    {
        var (name, one) = await server.RegisterAsync();
        var two = (await server.LoginAsync(name)).Is(200);

        var answer = (await server.PatchAsync("/auth/me", new { display_name = "Ada L.", email = "ada@mail.example", password = TestServer.Password }, one.AccessToken)).Is(200);

        Assert.Equal(("Ada L.", "ada@mail.example"), (answer.String("display_name"), answer.String("email")));
        (await server.GetAsync("/auth/me", one.AccessToken)).Is(200);
        (await server.RefreshAsync(one.RefreshToken)).Is(200);
        (await server.RefreshAsync(two.RefreshToken)).Is(200);
    }

    [Fact]
    public async Task ChangeMe_RemovesAMember_WhenItIsEmpty_AndLeavesWhatIsNotSent()
    {
        var (_, tokens) = await server.RegisterAsync();
        (await server.PatchAsync("/auth/me", new { display_name = "Ada", email = "ada@mail.example", password = TestServer.Password }, tokens.AccessToken)).Is(200);

        var answer = (await server.PatchAsync("/auth/me", new { email = "", password = TestServer.Password }, tokens.AccessToken)).Is(200);

        Assert.Equal("Ada", answer.String("display_name"));
        Assert.DoesNotContain("email", answer.Members);
    }

    [Fact]
    public async Task ChangeMe_NeedsThePassword_WhenTheAddressChanges()
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.PatchAsync("/auth/me", new { email = "thief@mail.example" }, tokens.AccessToken)).IsProblem(400, "request_malformed");
        (await server.PatchAsync("/auth/me", new { email = "thief@mail.example", password = "a guess at it" }, tokens.AccessToken)).IsProblem(401, "invalid_credentials");

        Assert.DoesNotContain("email", (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200).Members);
    }

    [Fact]
    public async Task ChangePassword_GivesTheCallerANewSession_AndEndsAllOthers()
    {
        var (name, one) = await server.RegisterAsync();
        var two = (await server.LoginAsync(name)).Is(200);

        var changed = await ChangeAsync(one, TestServer.Password, NewPassword);

        changed.Is(200);
        Assert.NotEqual(one.SessionId, changed.SessionId);
        (await server.GetAsync("/auth/me", changed.AccessToken)).Is(200);
        (await server.RefreshAsync(changed.RefreshToken)).Is(200);
        foreach (var old in new[] { one, two })
        {
            (await server.GetAsync("/auth/me", old.AccessToken)).IsProblem(401, "token_revoked", "password_changed");
            (await server.RefreshAsync(old.RefreshToken)).IsProblem(401, "session_ended", "password_changed");
        }

        (await server.LoginAsync(name)).IsProblem(401, "invalid_credentials");
        (await server.LoginAsync(name, NewPassword)).Is(200);
    }

    [Fact]
    public async Task ChangePassword_SetsANewCookie_WhenThatIsTheTransport()
    {
        (string, string) here = ("X-Symbolon", "1");
        var one = (await server.PostAsync("/auth/register", new { username = TestServer.NewName(), password = TestServer.Password, transport = "cookie", remember = false }, null, here)).Is(201);

        var changed = (await server.PostAsync("/auth/password", new { current_password = TestServer.Password, new_password = NewPassword }, one.AccessToken, here)).Is(200);

        Assert.DoesNotContain("refresh_token", changed.Members);
        Assert.DoesNotContain("max-age", changed.SetCookie, StringComparison.Ordinal);
        (await server.PostAsync("/auth/refresh", null, null, ("Cookie", one.Cookie), here)).IsProblem(401, "session_ended", "password_changed");
        (await server.PostAsync("/auth/refresh", null, null, ("Cookie", changed.Cookie), here)).Is(200);
    }

    [Theory]
    [InlineData("not the password", NewPassword, 401, "invalid_credentials")]
    [InlineData(TestServer.Password, "short", 400, "password_too_weak")]
    [InlineData(TestServer.Password, "qwertyui", 400, "password_too_weak")]
    public async Task ChangePassword_IsRefusedAndNothingEnds_WhenAPasswordIsNotAccepted(string current, string next, int status, string code)
    {
        var (name, tokens) = await server.RegisterAsync();

        (await ChangeAsync(tokens, current, next)).IsProblem(status, code);

        (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        (await server.LoginAsync(name)).Is(200);
    }

    [Fact]
    public async Task Delete_EndsAllAndFreesTheName()
    {
        var (name, one) = await server.RegisterAsync();
        var two = (await server.LoginAsync(name)).Is(200);
        var sub = (await server.GetAsync("/auth/me", one.AccessToken)).String("sub");

        (await server.DeleteAsync("/auth/account", one.AccessToken, new { password = TestServer.Password })).Is(204);

        (await server.GetAsync("/auth/me", one.AccessToken)).IsProblem(401, "token_revoked", "account_deleted");
        (await server.RefreshAsync(two.RefreshToken)).IsProblem(401, "session_ended", "account_deleted");
        (await server.LoginAsync(name)).IsProblem(401, "invalid_credentials");
        var again = (await server.PostAsync("/auth/register", new { username = name, password = TestServer.Password })).Is(201);
        Assert.NotEqual(sub, (await server.GetAsync("/auth/me", again.AccessToken)).String("sub"));
        (await server.RefreshAsync(two.RefreshToken)).IsProblem(401, "session_ended", "account_deleted");
    }

    [Fact]
    public async Task Delete_RemovesPersonalData_FromEveryRow()
    {
        var tokens = (await server.PostAsync(
            "/auth/register",
            new
            {
                username = "Personal-Name", password = TestServer.Password, email = "personal@mail.example", display_name = "Personal Display",
                device = new { id = "personal-device", name = "Personal Phone", type = "personal-type" },
            },
            null,
            ("User-Agent", "personal-agent/1.0"))).Is(201);
        Assert.Equal(9, Occurrences()); // name and address stand twice, as given and as compared

        (await server.DeleteAsync("/auth/account", tokens.AccessToken, new { password = TestServer.Password })).Is(204);

        Assert.Equal(0, Occurrences());
    }

    [Fact]
    public async Task Delete_IsRefusedAndNothingEnds_WhenThePasswordIsWrong()
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.DeleteAsync("/auth/account", tokens.AccessToken, new { password = "not it at all" })).IsProblem(401, "invalid_credentials");
        (await server.DeleteAsync("/auth/account", tokens.AccessToken)).IsProblem(400, "request_malformed");

        (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
    }

    private int Occurrences() => StoredText.Of(server).Count(text => text.Contains("personal", StringComparison.OrdinalIgnoreCase));

    private Task<Answer> ChangeAsync(Answer tokens, string current, string next) =>
        server.PostAsync("/auth/password", new { current_password = current, new_password = next }, tokens.AccessToken);
}
