using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Authority.Tests.Support;
using Symbolon.Sessions;

namespace Symbolon.Authority.Tests.Refresh;

public sealed class OAuthTests(OAuthTests.Fixture fixture) : IClassFixture<OAuthTests.Fixture>
{
    private const string Secret = "s3cret: ü+&";
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Token_Rotates_ForAPublicClient()
    {
        var (_, tokens) = await server.RegisterAsync();

        var next = (await TokenAsync(("refresh_token", tokens.RefreshToken))).Is(200);

        Assert.Equal(tokens.Members, next.Members);
        Assert.Equal(("no-store", "no-cache"), (next.Header("Cache-Control"), next.Header("Pragma")));
        (await server.GetAsync("/auth/me", next.AccessToken)).Is(200);
    }

    [Fact]
    public async Task Token_IsInvalidGrant_WhenTheSessionIsOver()
    {
        var (_, tokens) = await server.RegisterAsync();
        (await server.PostAsync("/auth/logout", new { refresh_token = tokens.RefreshToken })).Is(204);

        var answer = await TokenAsync(("refresh_token", tokens.RefreshToken));

        IsError(answer, 400, "invalid_grant", "session_ended");
        Assert.Equal("logout", answer.Reason);
        IsError(await TokenAsync(("refresh_token", "srt_nonsense")), 400, "invalid_grant", "refresh_invalid");
    }

    [Fact]
    public async Task Token_IsInvalidGrant_WhenItIsReused()
    {
        var (_, first) = await server.RegisterAsync();
        (await TokenAsync(("refresh_token", first.RefreshToken))).Is(200);
        server.Time.Advance(TimeSpan.FromMinutes(10));

        IsError(await TokenAsync(("refresh_token", first.RefreshToken)), 400, "invalid_grant", "refresh_reuse");
        IsError(await TokenAsync(("refresh_token", first.RefreshToken)), 400, "invalid_grant", "session_ended");
    }

    [Fact]
    public async Task Token_Is503_WhenItMustAskAgain()
    {
        var (_, first) = await server.RegisterAsync();
        var second = (await TokenAsync(("refresh_token", first.RefreshToken))).Is(200);
        (await TokenAsync(("refresh_token", second.RefreshToken))).Is(200);

        var answer = await TokenAsync(("refresh_token", first.RefreshToken));

        IsError(answer, 503, "temporarily_unavailable", "ask_again");
        Assert.Equal("1", answer.Header("Retry-After"));
    }

    [Theory]
    [InlineData("grant_type=password&client_id=web", "unsupported_grant_type")]
    [InlineData("grant_type=&client_id=web", "invalid_request")]
    [InlineData("client_id=web&refresh_token=x", "invalid_request")]
    [InlineData("grant_type=refresh_token&client_id=web", "invalid_request")]
    [InlineData("grant_type=refresh_token&client_id=web&refresh_token=", "invalid_request")]
    [InlineData("grant_type=refresh_token&client_id=web&refresh_token=a&refresh_token=a", "invalid_request")]
    [InlineData("grant_type=refresh_token&grant_type=refresh_token&client_id=web&refresh_token=a", "invalid_request")]
    [InlineData("grant_type=refresh_token&client_id=web&client_id=web&refresh_token=a", "invalid_request")]
    [InlineData("grant_type=refresh_token&refresh_token=a", "invalid_client")]
    [InlineData("grant_type=refresh_token&client_id=nobody&refresh_token=a", "invalid_client")]
    [InlineData("grant_type=refresh_token&client_id=web&client_secret=a&refresh_token=a", "invalid_client")]
    [InlineData("grant_type=refresh_token&client_id=backend&refresh_token=a", "invalid_client")]
    [InlineData("grant_type=refresh_token&client_id=backend&client_secret=wrong&refresh_token=a", "invalid_client")]
    [InlineData("", "invalid_client")]
    public async Task Token_IsRefusedInTheFormOfRfc6749_WhenTheRequestIsWrong(string body, string error)
    {
        var answer = await PostAsync("/oauth/token", body);

        IsError(answer, 400, error, error == "invalid_client" ? "unknown_client" : "request_malformed");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/x-www-form-urlencodedx")]
    [InlineData("application/x-www-form-urlencoded; charset=nonsense")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("")]
    public async Task Token_IsRefused_WhenTheTypeIsWrong(string type)
    {
        foreach (var path in new[] { "/oauth/token", "/oauth/revoke" })
        {
            var answer = await PostAsync(path, "grant_type=refresh_token&client_id=web&refresh_token=a&token=a", type);

            if (!type.Contains("charset", StringComparison.Ordinal)) IsError(answer, 400, "invalid_request", "request_malformed");
            else Assert.InRange(answer.Status, 200, 499);
        }
    }

    [Fact]
    public async Task Token_IsRefused_WhenTheBodyIsLarge()
    {
        foreach (var length in new[] { 20_000, 100_000, 2_000_000 })
            IsError(await PostAsync("/oauth/token", $"grant_type=refresh_token&client_id=web&refresh_token={new string('x', length)}"), 400, "invalid_request", "request_malformed");
        var many = string.Join('&', Enumerable.Range(0, 100).Select(i => $"p{i}=1"));
        IsError(await PostAsync("/oauth/token", many), 400, "invalid_request", "request_malformed");
    }

    [Fact]
    public async Task Token_ServesAConfidentialClient_ByBasicAndByPost()
    {
        var tokens = await BackendAsync();

        var byPost = (await server.FormAsync(
            "/oauth/token", ("grant_type", "refresh_token"), ("refresh_token", tokens.RefreshToken), ("client_id", "backend"), ("client_secret", Secret))).Is(200);
        var byBasic = (await BasicAsync("backend", Secret, byPost.RefreshToken)).Is(200);

        Assert.Equal("read write", byBasic.String("scope"));
    }

    [Theory]
    [InlineData("backend", "wrong")]
    [InlineData("nobody", Secret)]
    [InlineData("", Secret)]
    public async Task Token_Is401WithAChallenge_WhenBasicIsWrong(string id, string secret)
    {
        var answer = await BasicAsync(id, secret, "srt_x");

        IsError(answer, 401, "invalid_client", "unknown_client");
        Assert.Equal("Basic realm=\"symbolon\"", answer.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic YQ==")]
    [InlineData("Bearer x")]
    [InlineData("Basic /////w==")]
    public async Task Token_Is401_WhenTheAuthorizationHeaderIsMalformed(string header)
    {
        var form = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "refresh_token"), KeyValuePair.Create("refresh_token", "x")]);

        IsError(await server.PostAsync("/oauth/token", form, null, ("Authorization", header)), 401, "invalid_client", "unknown_client");
    }

    [Fact]
    public async Task Token_IsRefused_WhenTheClientAuthenticatesTwice()
    {
        var form = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "refresh_token"), KeyValuePair.Create("refresh_token", "x"), KeyValuePair.Create("client_secret", Secret)]);

        IsError(await server.PostAsync("/oauth/token", form, null, ("Authorization", Basic("backend", Secret))), 400, "invalid_request", "request_malformed");
    }

    [Fact]
    public async Task Token_IsInvalidGrantAndNothingEnds_WhenTheTokenIsAnotherClients()
    {
        var tokens = await BackendAsync();

        IsError(await TokenAsync(("refresh_token", tokens.RefreshToken)), 400, "invalid_grant", "refresh_invalid");
        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "refresh_invalid"); // the endpoint serves public clients only

        (await BasicAsync("backend", Secret, tokens.RefreshToken)).Is(200);
    }

    [Fact]
    public async Task Login_IsRefused_ForAConfidentialClient()
    {
        var name = (await server.RegisterAsync()).Name;

        (await server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, client_id = "backend" })).IsProblem(400, "unknown_client");
    }

    [Fact]
    public async Task Token_KeepsTheAttempt_AsTheOtherEndpointDoes()
    {
        var (_, tokens) = await server.RegisterAsync();
        var form = () => new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "refresh_token"), KeyValuePair.Create("client_id", "web"), KeyValuePair.Create("refresh_token", tokens.RefreshToken)]);

        IsError(await server.PostAsync("/oauth/token", form(), null, ("Symbolon-Attempt", "short")), 400, "invalid_request", "request_malformed");
        (await server.PostAsync("/oauth/token", form(), null, ("Symbolon-Attempt", "attempt-number-one-of-me"))).Is(200);
        server.Time.Advance(TimeSpan.FromHours(1));
        (await server.PostAsync("/oauth/token", form(), null, ("Symbolon-Attempt", "attempt-number-one-of-me"))).Is(200);
    }

    [Fact]
    public async Task Revoke_EndsTheSession()
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.FormAsync("/oauth/revoke", ("client_id", "web"), ("token", tokens.RefreshToken), ("token_type_hint", "refresh_token"))).Is(200);
        (await server.FormAsync("/oauth/revoke", ("client_id", "web"), ("token", tokens.RefreshToken))).Is(200);

        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "logout");
        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "token_revoked", "logout");
    }

    [Fact]
    public async Task Revoke_LeavesOthersSessionsAlone()
    {
        var tokens = await BackendAsync();

        (await server.FormAsync("/oauth/revoke", ("client_id", "web"), ("token", tokens.RefreshToken))).Is(200);
        (await server.FormAsync("/oauth/revoke", ("client_id", "web"), ("token", "nonsense"))).Is(200);

        (await BasicAsync("backend", Secret, tokens.RefreshToken)).Is(200);
    }

    [Theory]
    [InlineData("client_id=web", "invalid_request")]
    [InlineData("token=a", "invalid_client")]
    [InlineData("client_id=web&token=a&token=b", "invalid_request")]
    public async Task Revoke_IsRefused_WhenTheRequestIsWrong(string body, string error) =>
        IsError(await PostAsync("/oauth/revoke", body), 400, error, error == "invalid_client" ? "unknown_client" : "request_malformed");

    private static void IsError(Answer answer, int status, string error, string code)
    {
        Assert.True(answer.Status == status && answer.String("error") == error && answer.Code == code, $"Expected {status} {error} {code}, got {answer.Status}: {answer.Text}");
        Assert.Equal("application/json", answer.MediaType);
        Assert.NotEmpty(answer.String("error_description")!);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    private static string Basic(string id, string secret) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}"));

    private Task<Answer> TokenAsync((string, string) parameter) => server.FormAsync("/oauth/token", ("grant_type", "refresh_token"), ("client_id", "web"), parameter);

    private Task<Answer> BasicAsync(string id, string secret, string token) => server.PostAsync(
        "/oauth/token",
        new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "refresh_token"), KeyValuePair.Create("refresh_token", token)]),
        null,
        ("Authorization", Basic(id, secret)));

    private Task<Answer> PostAsync(string path, string body, string type = "application/x-www-form-urlencoded")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", type);
        return server.PostAsync(path, content);
    }

    private async Task<(string RefreshToken, string AccessToken)> BackendAsync()
    {
        var me = await server.GetAsync("/auth/me", (await server.RegisterAsync()).Tokens.AccessToken);
        var tokens = await server.Authority.StartAsync(new SessionRequest(new SubjectId(me.String("sub")!)) { ClientId = "backend" });
        return (tokens.RefreshToken, tokens.AccessToken);
    }

    public sealed class Fixture : ServerFixture
    {
        internal override IEnumerable<(string Key, string Value)> Settings =>
        [
            ("Symbolon:Clients:0:Id", "backend"), ("Symbolon:Clients:0:SecretHash", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)))),
            ("Symbolon:Clients:0:Scopes:0", "read"), ("Symbolon:Clients:0:Scopes:1", "write"),
        ];
    }
}
