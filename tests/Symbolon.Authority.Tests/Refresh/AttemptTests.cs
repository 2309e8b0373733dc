using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Refresh;

public sealed class AttemptTests(AttemptTests.Fixture fixture) : IClassFixture<AttemptTests.Fixture>
{
    private const string One = "attempt-number-one-of-me", Two = "attempt-number-two-of-me";
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Refresh_AnswersAgain_WhenTheAttemptIsTheSameAfterTheOverlap()
    {
        var (_, first) = await server.RegisterAsync();
        var lost = (await server.RefreshAsync(first.RefreshToken, One)).Is(200);
        server.Time.Advance(TimeSpan.FromDays(2));

        var again = (await server.RefreshAsync(first.RefreshToken, One)).Is(200);

        Assert.Equal(lost["generation"].GetInt32(), again["generation"].GetInt32());
        (await server.RefreshAsync(again.RefreshToken, Two)).Is(200);
    }

    [Fact]
    public async Task Refresh_EndsTheSession_WhenTheAttemptIsAnotherAfterTheOverlap()
    {
        var (_, first) = await server.RegisterAsync();
        (await server.RefreshAsync(first.RefreshToken, One)).Is(200);
        server.Time.Advance(TimeSpan.FromMinutes(10));

        (await server.RefreshAsync(first.RefreshToken, Two)).IsProblem(401, "refresh_reuse", "refresh_reuse");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("not_allowed_because_of_a_$_in_it")]
    [InlineData("twenty-one-characters")]
    [InlineData("")]
    [InlineData("with a blank or two in it as well")]
    public async Task Refresh_IsRefusedAndNothingChanges_WhenTheAttemptIsMalformed(string attempt)
    {
        var (_, first) = await server.RegisterAsync();

        (await server.RefreshAsync(first.RefreshToken, attempt)).IsProblem(400, "request_malformed");

        Assert.Equal(2, (await server.RefreshAsync(first.RefreshToken)).Is(200)["generation"].GetInt32());
    }

    [Theory]
    [InlineData(22, 200)]
    [InlineData(128, 200)]
    [InlineData(129, 400)]
    public async Task Refresh_JudgesTheLengthOfAnAttempt_AsTheDesignSays(int length, int status)
    {
        var (_, first) = await server.RegisterAsync();

        (await server.RefreshAsync(first.RefreshToken, new string('a', length))).Is(status);
    }

    [Fact]
    public async Task Refresh_IsRefused_WhenTwoAttemptsCome()
    {
        var (_, first) = await server.RegisterAsync();

        var answer = await server.PostAsync("/auth/refresh", new { refresh_token = first.RefreshToken }, null, ("Symbolon-Attempt", One), ("Symbolon-Attempt", Two));

        answer.IsProblem(400, "request_malformed");
    }

    [Fact]
    public async Task Refresh_NeedsAnAttempt_WhenTheClientMustSendThem()
    {
        var (name, _) = await server.RegisterAsync();
        var tokens = (await server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, client_id = "careful" })).Is(200);

        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(400, "request_malformed");

        var next = (await server.RefreshAsync(tokens.RefreshToken, One)).Is(200);
        (await server.RefreshAsync(tokens.RefreshToken, One)).Is(200);
        server.Time.Advance(TimeSpan.FromSeconds(10));
        (await server.RefreshAsync(tokens.RefreshToken, Two)).IsProblem(401, "refresh_reuse", "refresh_reuse");
        (await server.RefreshAsync(next.RefreshToken, Two)).IsProblem(401, "session_ended", "refresh_reuse");
    }

    [Fact]
    public async Task Refresh_HasTheClientsOwnOverlap_WhenOneIsConfigured()
    {
        var (name, _) = await server.RegisterAsync();
        var tokens = (await server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, client_id = "patient" })).Is(200);
        (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        server.Time.Advance(TimeSpan.FromDays(13));

        (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
    }

    public sealed class Fixture : ServerFixture
    {
        internal override IEnumerable<(string Key, string Value)> Settings =>
        [
            ("Symbolon:Clients:0:Id", "careful"), ("Symbolon:Clients:0:Attempts", "required"),
            ("Symbolon:Clients:1:Id", "patient"), ("Symbolon:Clients:1:Overlap", "UntilUsed"),
        ];
    }
}
