using Microsoft.Extensions.Hosting;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Tests.OAuth;
using Symbolon.Authority.Tests.Revocations;
using Symbolon.Authority.Tests.Support;
using Symbolon.Sessions;

namespace Symbolon.Authority.Tests.SessionNewsStreams;

/// <summary>GET /auth/events: what the holder of a session is told, over a real Kestrel, with a clock that tests turn.</summary>
public sealed class SessionNewsTests : IAsyncLifetime
{
    private const string NewPassword = "another good one";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Fine = TimeSpan.FromMilliseconds(200); // fine where the time of the answer is looked at
    private readonly FiringTime clock = new();
    private PortCalls ports = null!;
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await FeedServer.StartAsync(
        clock,
        [("Symbolon:Session:Streams", "10"), ("Symbolon:Session:Inactivity", "00:02:00"), ("Symbolon:Session:Absolute", "00:03:20"), ("Symbolon:AccessToken:Lifetime", "00:00:30")],
        services => ports = PortCalls.Watch(services));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Stream_IsOpen_AndHasAHeartbeatEach15Seconds()
    {
        var (_, user) = await server.RegisterAsync();
        await using var reader = await OpenAsync(user);
        Assert.Equal(": open", await reader.NextCommentAsync());
        var headers = reader.Response;
        Assert.Equal(("text/event-stream", "no-store", "no"), (headers.Content.Headers.ContentType!.ToString(), headers.Headers.CacheControl!.ToString(), headers.Headers.GetValues("X-Accel-Buffering").Single()));

        Assert.Equal(": heartbeat", await clock.AdvanceUntilAsync(reader.NextCommentAsync(), Second));
        Assert.True(clock.GetUtcNow() >= ManualTime.T0.AddSeconds(15), "a heartbeat came early");
    }

    public static TheoryData<string, string> Ends => new()
    {
        { "log-out", "logout" }, { "from another device", "ended_by_user" }, { "others", "ended_by_user" }, { "all", "all_ended" },
        { "administrator", "ended_by_admin" }, { "administrator, all of the account", "ended_by_admin" }, { "ban", "account_disabled" }, { "era", "all_ended" },
        { "password, here", "password_changed" }, { "password, on another device", "password_changed" }, { "account deleted", "account_deleted" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Stream_SaysWhy_AndCloses_WhenTheSessionEnds(string how, string reason)
    {
        var (name, user) = await server.RegisterAsync();
        var other = (await server.LoginAsync(name)).Is(200);
        var (admin, sub) = (await server.AdminAsync(), await SubAsync(user));
        await using var reader = await OpenAsync(user);
        await reader.NextCommentAsync();

        await (how switch
        {
            "log-out" => server.PostAsync("/auth/logout", new { refresh_token = user.RefreshToken }),
            "from another device" => server.DeleteAsync($"/auth/sessions/{user.SessionId}", other.AccessToken),
            "others" => server.DeleteAsync("/auth/sessions?scope=others", other.AccessToken),
            "all" => server.DeleteAsync("/auth/sessions?scope=all", other.AccessToken),
            "administrator" => server.DeleteAsync($"/admin/sessions/{user.SessionId}", admin),
            "administrator, all of the account" => server.PostAsync($"/admin/users/{sub}/end-sessions", null, admin),
            "ban" => server.PatchAsync($"/admin/users/{sub}", new { disabled = true }, admin),
            "era" => server.PostAsync("/admin/end-all", null, admin),
            "password, here" => server.PostAsync("/auth/password", new { current_password = TestServer.Password, new_password = NewPassword }, user.AccessToken),
            "password, on another device" => server.PostAsync("/auth/password", new { current_password = TestServer.Password, new_password = NewPassword }, other.AccessToken),
            _ => server.DeleteAsync("/auth/account", other.AccessToken, new { password = TestServer.Password }),
        });

        await EndsAsync(reader, "session_ended", reason);
    }

    [Fact]
    public async Task Stream_SaysIt_WhenATokenIsReused()
    {
        var (_, user) = await server.RegisterAsync();
        var next = (await server.RefreshAsync(user.RefreshToken)).Is(200);
        (await server.RefreshAsync(next.RefreshToken)).Is(200);
        await using var reader = await OpenAsync(next);
        await reader.NextCommentAsync();
        await clock.AdvanceUntilAsync(reader.NextCommentAsync(), Second);

        (await server.RefreshAsync(user.RefreshToken)).Is(401);

        await EndsAsync(reader, "session_ended", "refresh_reuse");
    }

    [Fact]
    public async Task Stream_SaysIt_AndGoesOn_WhenClaimsChange()
    {
        var (_, user) = await server.RegisterAsync();
        var (admin, sub) = (await server.AdminAsync(), await SubAsync(user));
        await using var reader = await OpenAsync(user);
        await reader.NextCommentAsync();

        await server.PatchAsync($"/admin/users/{sub}", new { roles = new[] { "editor" } }, admin);
        var first = await reader.NextAsync();
        await server.PostAsync($"/admin/users/{sub}/end-sessions", new { soft = true }, admin);
        var second = await reader.NextAsync();
        await server.PostAsync("/auth/logout", new { refresh_token = user.RefreshToken });

        Assert.Equal([("claims_changed", "{\"version\":1}"), ("claims_changed", "{\"version\":2}")], new[] { first, second }.Select(next => (next.Kind, next.Data.GetRawText())));
        await EndsAsync(reader, "session_ended", "logout");
        (await server.GetAsync("/auth/events", user.AccessToken)).IsProblem(401, "token_revoked", "logout");
    }

    [Fact]
    public async Task Stream_FindsWhatNobodyTold_WithItsHeartbeat()
    {
        var (_, user) = await server.RegisterAsync();
        await using var reader = await OpenAsync(user);
        await reader.NextCommentAsync();
        await server.Get<AccountDirectory>().SetRolesAsync(new SubjectId(await SubAsync(user)), ["editor"], TestContext.Current.CancellationToken);

        var told = await clock.AdvanceUntilAsync(reader.NextAsync(), Second);

        Assert.Equal(("claims_changed", "{\"version\":0}"), (told.Kind, told.Data.GetRawText()));
        Assert.True(clock.GetUtcNow() <= ManualTime.T0.AddSeconds(25), "it took more than a heartbeat");
        await clock.AdvanceUntilAsync(reader.NextCommentAsync(), Second);
        Assert.Equal(0, reader.Waiting); // said once: the next look finds nothing new
    }

    [Fact]
    public async Task Stream_OutlivesItsToken_AndMovesWithARefresh()
    {
        var (_, user) = await server.RegisterAsync();
        await using var reader = await OpenAsync(user);
        await PassAsync(reader, TimeSpan.FromSeconds(100));
        (await server.GetAsync("/auth/session", user.AccessToken)).IsProblem(401, "token_expired");
        (await server.RefreshAsync(user.RefreshToken)).Is(200);
        await PassAsync(reader, TimeSpan.FromSeconds(60)); // beyond the end that it had at first

        var told = await clock.AdvanceUntilAsync(reader.NextAsync(), Fine);

        Assert.Equal("""{"code":"session_expired","reason":"absolute_lifetime"}""", told.Data.GetRawText());
        Assert.InRange(clock.GetUtcNow(), ManualTime.T0.AddSeconds(200), ManualTime.T0.AddSeconds(205));
    }

    [Fact]
    public async Task Stream_SaysIt_WhenTheSessionIsNotUsed()
    {
        var (_, user) = await server.RegisterAsync();
        await using var reader = await OpenAsync(user);
        await PassAsync(reader, TimeSpan.FromSeconds(100));

        var told = await clock.AdvanceUntilAsync(reader.NextAsync(), Fine);

        Assert.Equal(("ended", """{"code":"session_expired","reason":"inactivity"}"""), (told.Kind, told.Data.GetRawText()));
        Assert.InRange(clock.GetUtcNow(), ManualTime.T0.AddSeconds(120), ManualTime.T0.AddSeconds(125));
        Assert.Empty(await reader.EndAsync());
    }

    [Fact]
    public async Task Stream_ClosesWithoutAWord_WhenTheTokenAloneIsRevoked()
    {
        var (_, user) = await server.RegisterAsync();
        await using var reader = await OpenAsync(user);
        await reader.NextCommentAsync();

        (await server.FormAsync("/oauth/revoke", ("token", user.AccessToken), ("client_id", "web"))).Is(200);

        Assert.Empty(await reader.EndAsync());
        Assert.False(reader.WasCut);
        var next = (await server.RefreshAsync(user.RefreshToken)).Is(200);
        await using var again = await OpenAsync(next);
        Assert.Equal(": open", await again.NextCommentAsync());
    }

    [Fact]
    public async Task Stream_ClosesWithoutAWord_WhenNobodyCanSay()
    {
        var (_, user) = await server.RegisterAsync();
        await using var reader = await OpenAsync(user);
        await reader.NextCommentAsync();
        ports.AreDown = true;

        Assert.Empty(await clock.AdvanceUntilAsync(reader.EndAsync(), Second));

        ports.AreDown = false;
        Assert.InRange(clock.GetUtcNow(), ManualTime.T0.AddSeconds(5), ManualTime.T0.AddSeconds(30)); // MaxStaleness
    }

    [Fact]
    public async Task Stream_Ends_WhenTheServerStops()
    {
        var (_, user) = await server.RegisterAsync();
        await using var reader = await OpenAsync(user);
        await reader.NextCommentAsync();

        server.Get<IHostApplicationLifetime>().StopApplication();

        Assert.Empty(await reader.EndAsync());
    }

    [Fact]
    public async Task Streams_AreLimited_AndAPlaceIsFreeAgain_WhenAClientHasGone()
    {
        var readers = new List<FeedReader>();
        var (name, user) = await server.RegisterAsync();
        for (var i = 0; i < SessionNewsPlaces.OfOneSession; i++) readers.Add(await OpenAsync(user));
        (await server.GetAsync("/auth/events", user.AccessToken)).IsProblem(503, "unavailable");

        var other = (await server.LoginAsync(name)).Is(200);
        readers.AddRange([await OpenAsync(other), await OpenAsync(other)]);
        (await server.GetAsync("/auth/events", other.AccessToken)).IsProblem(503, "unavailable");

        await readers[0].DisposeAsync();
        await Patiently.TrueAsync(() => server.Get<SessionNewsPlaces>().Count == 9, "a place is free");
        readers[0] = await OpenAsync(user);
        foreach (var reader in readers) await reader.DisposeAsync();
        await Patiently.TrueAsync(() => server.Get<SessionNewsPlaces>().Count == 0, "all places are free");
    }

    [Fact]
    public async Task Stream_IsRefused_AsTheSessionItselfIs()
    {
        var (_, user) = await server.RegisterAsync();
        (await server.GetAsync("/auth/events")).IsProblem(401, "token_missing");
        (await server.GetAsync("/auth/events", (await server.OwnTokenAsync("reader", "read")).Is(200).AccessToken)).Is(403);
        await server.PatchAsync($"/admin/users/{await SubAsync(user)}", new { roles = new[] { "editor" } }, await server.AdminAsync());
        (await server.GetAsync("/auth/session", user.AccessToken)).IsProblem(401, "claims_stale");
        (await server.GetAsync("/auth/events", user.AccessToken)).IsProblem(401, "claims_stale");
    }

    [Fact]
    public async Task Stream_Stays_WhenAnotherSessionEnds()
    {
        var (name, user) = await server.RegisterAsync();
        var other = (await server.LoginAsync(name)).Is(200);
        await using var reader = await OpenAsync(user);
        await server.PostAsync("/auth/logout", new { refresh_token = other.RefreshToken });
        await server.PatchAsync("/auth/me", new { email = "new@example.com", password = TestServer.Password }, user.AccessToken); // a new stamp, which is no end
        await PassAsync(reader, TimeSpan.FromSeconds(40));
    }

    private Task<FeedReader> OpenAsync(Answer tokens) => FeedReader.OpenAsync(server, "/auth/events", tokens.AccessToken);

    private async Task<string> SubAsync(Answer tokens) => (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200).String("sub")!;

    // And not one event meanwhile.
    private async Task PassAsync(FeedReader reader, TimeSpan time)
    {
        var until = clock.GetUtcNow() + time;
        while (clock.GetUtcNow() < until) await clock.AdvanceUntilAsync(reader.NextCommentAsync(), Second);
        Assert.Equal(0, reader.Waiting);
    }

    private static async Task EndsAsync(FeedReader reader, string code, string reason)
    {
        var told = await reader.NextAsync();
        Assert.Equal(("ended", $$"""{"code":"{{code}}","reason":"{{reason}}"}"""), (told.Kind, told.Data.GetRawText()));
        Assert.Empty(await reader.EndAsync());
        Assert.False(reader.WasCut);
    }
}
