using System.Text.Json;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.SignIn;

public sealed class SignInTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly string[] TokenMembers =
        ["access_token", "token_type", "expires_in", "refresh_token", "refresh_expires_in", "session_expires_in", "session_id", "generation", "server_time"];

    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Login_AnswersTokens_WhenThePasswordIsRight()
    {
        var (name, _) = await server.RegisterAsync();

        var answer = (await server.LoginAsync(name)).Is(200);

        Assert.Equal(TokenMembers, answer.Members);
        Assert.Equal("Bearer", answer.String("token_type"));
        Assert.InRange(answer["expires_in"].GetInt32(), 569, 600); // ten minutes, up to 5 % shorter
        Assert.Equal(14 * 86400, answer["refresh_expires_in"].GetInt32());
        Assert.Equal(90 * 86400, answer["session_expires_in"].GetInt32());
        Assert.Equal(1, answer["generation"].GetInt32());
        Assert.Equal(server.Time.GetUtcNow().ToUnixTimeMilliseconds(), answer["server_time"].GetInt64());
        Assert.Matches("^srt_[A-Za-z0-9_-]{83}$", answer.RefreshToken);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Null(answer.SetCookie);
    }

    [Fact]
    public async Task Login_IssuesTheClaimsOfTheDesign_WhenItSucceeds()
    {
        var (_, tokens) = await server.RegisterAsync();
        var parts = tokens.AccessToken.Split('.');

        var header = Decode(parts[0]);
        var claims = Decode(parts[1]);

        Assert.Equal(["alg", "kid", "typ"], header.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(("ES256", "at+jwt"), (header.GetProperty("alg").GetString(), header.GetProperty("typ").GetString()));
        Assert.Equal(TestServer.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal("api", claims.GetProperty("aud").GetString());
        Assert.Equal("web", claims.GetProperty("client_id").GetString());
        Assert.Equal(tokens.SessionId, claims.GetProperty("sid").GetString());
        Assert.Equal("pwd", claims.GetProperty("amr")[0].GetString());
        Assert.Equal((0, 0, 0), (claims.GetProperty("er").GetInt32(), claims.GetProperty("ep").GetInt32(), claims.GetProperty("cv").GetInt32()));
        Assert.Equal(tokens["expires_in"].GetInt64(), claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task Login_ShortensTheSession_WhenItIsNotRemembered()
    {
        var (name, _) = await server.RegisterAsync();

        var answer = (await server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, remember = false })).Is(200);

        Assert.Equal(12 * 3600, answer["session_expires_in"].GetInt32());
        Assert.Equal(12 * 3600, answer["refresh_expires_in"].GetInt32());
    }

    [Theory]
    [InlineData("nobody-of-that-name", TestServer.Password)]
    [InlineData(null, "a wrong password")]
    [InlineData(null, "Correct horse battery")]
    public async Task Login_IsRefusedInOneWay_WhenNameOrPasswordIsWrong(string? name, string password)
    {
        name ??= (await server.RegisterAsync()).Name;

        var answer = await server.LoginAsync(name, password);

        answer.IsProblem(401, "invalid_credentials");
        Assert.Equal("User name or password is wrong.", answer.String("title"));
    }

    [Fact]
    public async Task Login_IsRefused_WhenTheClientIsNotKnown()
    {
        var (name, _) = await server.RegisterAsync();

        var answer = await server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, client_id = "nobody" });

        answer.IsProblem(400, "unknown_client");
    }

    [Fact]
    public async Task Register_MakesAnAccount_WhenTheNameIsFree()
    {
        var name = TestServer.NewName();

        var tokens = (await server.PostAsync("/auth/register", new { username = name, password = TestServer.Password, email = "a@b.example", display_name = "Ada" })).Is(201);

        Assert.Equal(TokenMembers, tokens.Members);
        var me = (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200);
        Assert.Equal(["sub", "username", "email", "display_name", "roles", "created_at"], me.Members);
        Assert.Equal((name, "a@b.example", "Ada"), (me.String("username"), me.String("email"), me.String("display_name")));
        Assert.Equal(0, me["roles"].GetArrayLength());
        Assert.Equal(server.Time.GetUtcNow(), me["created_at"].GetDateTimeOffset());
    }

    [Fact]
    public async Task Register_IsRefused_WhenTheNameIsTaken()
    {
        var (name, _) = await server.RegisterAsync();

        var answer = await server.PostAsync("/auth/register", new { username = name.ToUpperInvariant(), password = TestServer.Password });

        answer.IsProblem(409, "username_taken");
    }

    [Fact]
    public async Task Login_ReplacesTheSession_WhenTheDeviceIsTheSame()
    {
        var (name, _) = await server.RegisterAsync();
        var wish = new { username = name, password = TestServer.Password, device = new { id = "phone-1", name = "My phone", type = "phone" } };
        var first = (await server.PostAsync("/auth/login", wish)).Is(200);

        (await server.PostAsync("/auth/login", wish)).Is(200);

        (await server.RefreshAsync(first.RefreshToken)).IsProblem(401, "session_ended", "replaced");
    }

    [Fact]
    public async Task Me_IsRefused_WithoutAToken()
    {
        var answer = await server.GetAsync("/auth/me");

        answer.IsProblem(401, "token_missing");
        Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
    }

    private static JsonElement Decode(string part) => JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(part)).RootElement;
}

public sealed class RegistrationWithoutLoginTests(RegistrationWithoutLoginTests.Fixture fixture) : IClassFixture<RegistrationWithoutLoginTests.Fixture>
{
    [Fact]
    public async Task Register_AnswersTheAccount_WhenLoginOnRegisterIsOff()
    {
        var answer = (await fixture.Server.PostAsync("/auth/register", new { username = "ada", password = TestServer.Password })).Is(201);

        Assert.Equal(["sub", "username", "roles", "created_at"], answer.Members);
        Assert.Equal("ada", answer.String("username"));
    }

    public sealed class Fixture : ServerFixture
    {
        internal override IEnumerable<(string Key, string Value)> Settings => [("Symbolon:Accounts:LoginOnRegister", "false")];
    }
}
