using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Tests.Support;
using Symbolon.Sessions;

namespace Symbolon.Authority.Tests.Refresh;

public sealed class RefreshTests(RefreshTests.Fixture fixture) : IClassFixture<RefreshTests.Fixture>
{
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Refresh_Rotates_WhenTheTokenIsNew()
    {
        var (_, first) = await server.RegisterAsync();

        var second = (await server.RefreshAsync(first.RefreshToken)).Is(200);

        Assert.Equal(first.Members, second.Members);
        Assert.Equal(2, second["generation"].GetInt32());
        Assert.Equal(first.SessionId, second.SessionId);
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Equal("no-store", second.Header("Cache-Control"));
        (await server.GetAsync("/auth/session", second.AccessToken)).Is(200);
    }

    [Fact]
    public async Task Refresh_MovesInactivityOnly_WhenItRotates()
    {
        var (_, first) = await server.RegisterAsync();
        server.Time.Advance(TimeSpan.FromDays(1));

        var second = (await server.RefreshAsync(first.RefreshToken)).Is(200);

        Assert.InRange(second["refresh_expires_in"].GetInt32(), (14 * 86400) - 1, 14 * 86400); // sessions end on whole seconds
        Assert.InRange(second["session_expires_in"].GetInt32(), (89 * 86400) - 1, 89 * 86400);
    }

    [Fact]
    public async Task Refresh_AnswersAnotherChild_WhenTheTokenComesAgainInTheOverlap()
    {
        var (_, first) = await server.RegisterAsync();
        var second = (await server.RefreshAsync(first.RefreshToken)).Is(200);
        server.Time.Advance(Overlap - TimeSpan.FromMilliseconds(1));

        var again = (await server.RefreshAsync(first.RefreshToken)).Is(200);

        Assert.Equal(2, again["generation"].GetInt32());
        Assert.NotEqual(second.RefreshToken, again.RefreshToken);
    }

    [Fact]
    public async Task Refresh_EndsTheSession_WhenATokenIsReused()
    {
        var (_, first) = await server.RegisterAsync();
        var second = (await server.RefreshAsync(first.RefreshToken)).Is(200);
        server.Time.Advance(Overlap);

        (await server.RefreshAsync(first.RefreshToken)).IsProblem(401, "refresh_reuse", "refresh_reuse");

        (await server.RefreshAsync(second.RefreshToken)).IsProblem(401, "session_ended", "refresh_reuse");
        (await server.RefreshAsync(first.RefreshToken)).IsProblem(401, "session_ended", "refresh_reuse");
    }

    [Fact]
    public async Task Refresh_RefusesTheAccessToken_WhenATokenWasReused()
    {
        var (_, first) = await server.RegisterAsync();
        var second = (await server.RefreshAsync(first.RefreshToken)).Is(200);
        (await server.RefreshAsync(second.RefreshToken)).Is(200);
        server.Time.Advance(Settle);
        (await server.RefreshAsync(first.RefreshToken)).IsProblem(401, "refresh_reuse", "refresh_reuse");

        var answer = await server.GetAsync("/auth/session", first.AccessToken);

        answer.IsProblem(401, "token_revoked", "refresh_reuse");
    }

    [Fact]
    public async Task Refresh_SaysAskAgain_WhenARetiredTokenComesBeforeItSettled()
    {
        var (_, first) = await server.RegisterAsync();
        var second = (await server.RefreshAsync(first.RefreshToken)).Is(200);
        var third = (await server.RefreshAsync(second.RefreshToken)).Is(200);
        server.Time.Advance(Settle - TimeSpan.FromMilliseconds(1));

        (await server.RefreshAsync(first.RefreshToken)).IsProblem(409, "ask_again");

        (await server.RefreshAsync(third.RefreshToken)).Is(200);
    }

    [Theory]
    [InlineData(14 * 24 * 60, "inactivity", true)]
    [InlineData(12 * 60, "absolute_lifetime", false)]
    public async Task Refresh_IsRefused_WhenTheSessionHasExpired(int minutes, string reason, bool remember)
    {
        var name = (await server.RegisterAsync()).Name;
        var tokens = (await server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, remember })).Is(200);
        server.Time.Advance(TimeSpan.FromMinutes(minutes));

        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_expired", reason);
        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_expired", reason);
    }

    [Fact]
    public async Task Refresh_IsRefused_WhenTheAbsoluteLifetimeIsOverAlthoughItWasUsed()
    {
        var (_, tokens) = await server.RegisterAsync();
        for (var day = 0; day < 90; day += 10)
        {
            (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
            tokens = (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
            server.Time.Advance(TimeSpan.FromDays(10));
        }

        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_expired", "absolute_lifetime");
    }

    [Fact]
    public async Task Refresh_IsRefused_WhenTheEpochWasRaised()
    {
        var (_, tokens) = await server.RegisterAsync();
        var me = (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200);
        await server.Authority.EndAllAsync(new SubjectId(me.String("sub")!), EndReason.Risk);

        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "risk");
        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "token_revoked", "risk");
    }

    [Fact]
    public async Task Refresh_IsRefused_WhenTheTokenIsOfAnotherTransport()
    {
        var (_, tokens) = await server.RegisterAsync();

        var answer = await server.PostAsync("/auth/refresh", headers: [("Cookie", $"symbolon-rt={tokens.RefreshToken}"), ("X-Symbolon", "1")]);

        answer.IsProblem(401, "refresh_invalid");
        (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
    }

    [Fact]
    public async Task Refresh_IsRefused_WithoutAToken() =>
        (await server.PostAsync("/auth/refresh")).IsProblem(401, "refresh_invalid");

    [Fact]
    public async Task Refresh_Is503_WhenTheMacKeyIsNotKnown()
    {
        var (_, tokens) = await server.RegisterAsync();
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(tokens.RefreshToken.AsSpan(4));
        bytes[1] = 77;

        var answer = await server.RefreshAsync("srt_" + System.Buffers.Text.Base64Url.EncodeToString(bytes));

        answer.IsProblem(503, "unavailable");
    }

    [Fact]
    public async Task Refresh_TouchesNoRow_WhenTheTokenIsForged()
    {
        var (_, tokens) = await server.RegisterAsync();
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(tokens.RefreshToken.AsSpan(4));
        var calls = fixture.Calls.Count;

        for (var bit = 16; bit < (bytes.Length - 16) * 8; bit += 3)
        {
            var forged = (byte[])bytes.Clone();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            (await server.RefreshAsync("srt_" + System.Buffers.Text.Base64Url.EncodeToString(forged))).IsProblem(401, "refresh_invalid");
        }

        Assert.Equal(calls, fixture.Calls.Count);
        (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        Assert.NotEqual(calls, fixture.Calls.Count);
    }

    [Fact]
    public async Task Refresh_LeavesTheSessionAlone_WhenTheProofIsWrong()
    {
        var (_, tokens) = await server.RegisterAsync();
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(tokens.RefreshToken.AsSpan(4));
        bytes[^1] ^= 1;

        (await server.RefreshAsync("srt_" + System.Buffers.Text.Base64Url.EncodeToString(bytes))).IsProblem(401, "refresh_invalid");

        (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
    }

    [Theory]
    [InlineData("")]
    [InlineData("srt_")]
    [InlineData("no token at all")]
    public async Task Refresh_IsRefused_WhenTheTokenIsNone(string token) =>
        (await server.RefreshAsync(token)).IsProblem(401, "refresh_invalid");

    public sealed class Fixture : ServerFixture
    {
        internal PortCalls Calls { get; private set; } = new();

        internal override void Change(IServiceCollection services) => Calls = PortCalls.Watch(services);
    }
}
