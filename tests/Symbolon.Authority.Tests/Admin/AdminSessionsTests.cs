using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Admin;

public sealed class AdminSessionsTests(SqliteServerFixture fixture) : IClassFixture<SqliteServerFixture>
{
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task List_FiltersBySubjectAndLife()
    {
        var (name, one) = await server.RegisterAsync();
        var two = (await server.LoginAsync(name)).Is(200);
        var (sub, admin) = (await SubAsync(one), await server.AdminAsync());
        (await server.PostAsync("/auth/logout", new { refresh_token = two.RefreshToken })).Is(204);

        var all = (await server.GetAsync($"/admin/sessions?sub={sub}", admin)).Is(200);
        var live = (await server.GetAsync($"/admin/sessions?sub={sub}&live=true", admin)).Is(200);

        Assert.Equal(new[] { one.SessionId, two.SessionId }.Order(), Ids(all).Order());
        Assert.Equal([one.SessionId], Ids(live));
        var ended = all["items"].EnumerateArray().First(item => item.GetProperty("session_id").GetString() == two.SessionId);
        Assert.Equal(("logout", sub), (ended.GetProperty("end_reason").GetString(), ended.GetProperty("ended_by").GetString()));
        Assert.Empty(Ids((await server.GetAsync("/admin/sessions?client_id=other", admin)).Is(200)));
        Assert.Equal(2, Ids((await server.GetAsync($"/admin/sessions?sub={sub}&client_id=web", admin)).Is(200)).Count);
    }

    [Theory]
    [InlineData("/admin/sessions?live=maybe")]
    [InlineData("/admin/sessions?limit=0")]
    [InlineData("/admin/sessions?after=x")]
    [InlineData("/admin/users?limit=1000")]
    [InlineData("/admin/users?username=%EF%BF%BE")]
    [InlineData("/admin/events?after=x")]
    [InlineData("/admin/events?sid=x")]
    [InlineData("/admin/events?limit=")]
    public async Task List_IsRefused_WhenTheQueryIsMalformed(string path) =>
        (await server.GetAsync(path, await server.AdminAsync())).IsProblem(400, "request_malformed");

    [Fact]
    public async Task End_EndsOneSession()
    {
        var ((_, tokens), admin) = (await server.RegisterAsync(), await server.AdminAsync());

        (await server.DeleteAsync($"/admin/sessions/{tokens.SessionId}", admin)).Is(204);
        (await server.DeleteAsync($"/admin/sessions/{tokens.SessionId}", admin)).Is(204);

        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "token_revoked", "ended_by_admin");
        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "ended_by_admin");
        (await server.DeleteAsync("/admin/sessions/01946f5e-0000-7000-8000-000000000000", admin)).IsProblem(404, "not_found");
        (await server.DeleteAsync("/admin/sessions/nonsense", admin)).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task EndAll_EndsEveryone_AndNewLogInsWork()
    {
        var ((name, tokens), admin) = (await server.RegisterAsync(), await server.AdminAsync());

        (await server.PostAsync("/admin/end-all", null, admin)).Is(204);

        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "token_revoked", "all_ended");
        (await server.GetAsync("/admin/users", admin)).IsProblem(401, "token_revoked", "all_ended");
        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_ended", "all_ended");
        var fresh = (await server.LoginAsync(name)).Is(200);
        (await server.RefreshAsync(fresh.RefreshToken)).Is(200);
        (await server.GetAsync("/admin/users", await server.AdminAsync())).Is(200);
    }

    [Fact]
    public async Task Events_TellAnAccountsStory_InIdsOnly()
    {
        var (name, tokens) = await server.RegisterAsync();
        var sub = await SubAsync(tokens);
        (await server.LoginAsync(name, "a wrong password")).Is(401);
        (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        (await server.PostAsync("/auth/logout", new { refresh_token = tokens.RefreshToken })).Is(204);

        var events = (await server.GetAsync($"/admin/events?sub={sub}", await server.AdminAsync())).Is(200);

        var kinds = events["items"].EnumerateArray().Select(item => item.GetProperty("kind").GetString()!).ToList();
        string[] expected = ["session_ended", "login_failed", "session_started", "account_created"];
        Assert.Equal(expected, kinds.Where(expected.Contains));
        Assert.DoesNotContain(name, events.Text, StringComparison.OrdinalIgnoreCase);
        var ofSession = (await server.GetAsync($"/admin/events?sid={tokens.SessionId}", await server.AdminAsync())).Is(200);
        Assert.Contains("session_refreshed", ofSession.Text, StringComparison.Ordinal);
        Assert.All(ofSession["items"].EnumerateArray(), item => Assert.Equal(tokens.SessionId, item.GetProperty("session_id").GetString()));
    }

    [Fact]
    public async Task Events_ArePaged_WithoutLossOrRepetition()
    {
        await server.RegisterAsync();
        var admin = await server.AdminAsync();
        var all = Numbers((await server.GetAsync("/admin/events?limit=200", admin)).Is(200));

        var (paged, next) = (new List<long>(), "");
        do
        {
            var page = (await server.GetAsync($"/admin/events?limit=3{next}", admin)).Is(200);
            paged.AddRange(Numbers(page));
            next = page.Json.TryGetProperty("next", out var id) ? $"&after={id}" : null;
        }
        while (next is not null);

        Assert.True(all.Count > 3);
        Assert.Equal(all, paged);
    }

    private static List<string> Ids(Answer list) => [.. list["items"].EnumerateArray().Select(item => item.GetProperty("session_id").GetString()!)];

    private static List<long> Numbers(Answer list) => [.. list["items"].EnumerateArray().Select(item => item.GetProperty("id").GetInt64())];

    private async Task<string> SubAsync(Answer tokens) => (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200).String("sub")!;
}
