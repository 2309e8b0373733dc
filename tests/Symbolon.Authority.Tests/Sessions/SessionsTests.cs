using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Sessions;

public sealed class SessionsTests(SqliteServerFixture fixture) : IClassFixture<SqliteServerFixture>
{
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Session_IsTheCurrentOne_AndLookingMovesNothing()
    {
        var (_, tokens) = await server.RegisterAsync();
        var before = (await server.GetAsync("/auth/session", tokens.AccessToken)).Is(200);
        server.Time.Advance(TimeSpan.FromMinutes(5));

        var after = (await server.GetAsync("/auth/session", tokens.AccessToken)).Is(200);

        Assert.Equal(before.Text, after.Text);
        Assert.Equal(tokens.SessionId, after.SessionId);
        Assert.True(after["current"].GetBoolean());
        Assert.Equal("127.0.0.1", after.String("ip"));
        Assert.Equal("web", after.String("client_id"));
    }

    [Fact]
    public async Task List_ShowsTheDevices_NewestFirst()
    {
        var name = (await server.RegisterAsync()).Name;
        var phone = await LoginAsync(name, new { id = "d1", name = "Phone", type = "phone" });
        var laptop = await LoginAsync(name, new { id = "d2", name = "Laptop", type = "computer" });

        var list = (await server.GetAsync("/auth/sessions", laptop.AccessToken)).Is(200);

        var items = list["items"].EnumerateArray().ToList();
        Assert.Equal([laptop.SessionId, phone.SessionId], items.Take(2).Select(item => item.GetProperty("session_id").GetString()));
        Assert.Equal([true, false, false], items.Select(item => item.GetProperty("current").GetBoolean()));
        Assert.Equal("""{"id":"d1","name":"Phone","type":"phone"}""", items[1].GetProperty("device").GetRawText());
        Assert.Equal("tests/1.0", items[0].GetProperty("user_agent").GetString());
        string[] needed = ["session_id", "current", "device", "user_agent", "ip", "created_at", "last_seen_at", "expires_at", "ends_at"];
        Assert.Empty(needed.Except(items[0].EnumerateObject().Select(member => member.Name)));
        Assert.DoesNotContain("next", list.Members);
    }

    [Fact]
    public async Task List_IsPagedByKeyset_WithoutLossOrRepetition()
    {
        var name = (await server.RegisterAsync()).Name;
        for (var i = 0; i < 4; i++) await LoginAsync(name);
        var token = (await LoginAsync(name)).AccessToken;
        var all = Ids((await server.GetAsync("/auth/sessions", token)).Is(200));

        var (paged, next) = (new List<string>(), "");
        do
        {
            var page = (await server.GetAsync($"/auth/sessions?limit=2{next}", token)).Is(200);
            paged.AddRange(Ids(page));
            next = page.String("next") is { } id ? $"&after={id}" : null;
        }
        while (next is not null);

        Assert.Equal(6, all.Count);
        Assert.Equal(all, paged);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=-1")]
    [InlineData("limit=x")]
    [InlineData("limit=1&limit=2")]
    [InlineData("limit=99999999999999999999")]
    [InlineData("after=x")]
    [InlineData("after=00000000-0000-0000-0000-00000000000")]
    [InlineData("after=%00")]
    public async Task List_IsRefused_WhenThePageIsMalformed(string query)
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.GetAsync($"/auth/sessions?{query}", tokens.AccessToken)).IsProblem(400, "request_malformed");
    }

    [Fact]
    public async Task Rename_NamesTheDevice()
    {
        var (_, tokens) = await server.RegisterAsync();

        var answer = (await server.PatchAsync($"/auth/sessions/{tokens.SessionId}", new { name = "Küche 🍳" }, tokens.AccessToken)).Is(200);

        Assert.Equal("Küche 🍳", answer["device"].GetProperty("name").GetString());
        Assert.Equal(answer.Text, (await server.GetAsync("/auth/session", tokens.AccessToken)).Text);
    }

    [Fact]
    public async Task EndOne_EndsThatSession_AndNoOther()
    {
        var (name, one) = await server.RegisterAsync();
        var two = await LoginAsync(name);

        (await server.DeleteAsync($"/auth/sessions/{one.SessionId}", two.AccessToken)).Is(204);

        (await server.GetAsync("/auth/me", one.AccessToken)).IsProblem(401, "token_revoked", "ended_by_user");
        (await server.RefreshAsync(one.RefreshToken)).IsProblem(401, "session_ended", "ended_by_user");
        Assert.Equal([two.SessionId], Ids((await server.GetAsync("/auth/sessions", two.AccessToken)).Is(200)));
    }

    [Fact]
    public async Task EndOthers_LeavesTheCaller_AndSaysHowMany()
    {
        var (name, one) = await server.RegisterAsync();
        var two = await LoginAsync(name);
        var three = await LoginAsync(name);

        var answer = (await server.DeleteAsync("/auth/sessions?scope=others", two.AccessToken)).Is(200);

        Assert.Equal("""{"ended":2}""", answer.Text);
        (await server.GetAsync("/auth/me", two.AccessToken)).Is(200);
        foreach (var other in new[] { one, three })
        {
            (await server.GetAsync("/auth/me", other.AccessToken)).IsProblem(401, "token_revoked", "ended_by_user");
            (await server.RefreshAsync(other.RefreshToken)).IsProblem(401, "session_ended", "ended_by_user");
        }
    }

    [Fact]
    public async Task EndAll_EndsTheCallerToo()
    {
        var (name, one) = await server.RegisterAsync();
        var two = await LoginAsync(name);

        (await server.DeleteAsync("/auth/sessions?scope=all", one.AccessToken)).Is(204);

        (await server.GetAsync("/auth/me", one.AccessToken)).IsProblem(401, "token_revoked", "all_ended");
        (await server.RefreshAsync(two.RefreshToken)).IsProblem(401, "session_ended", "all_ended");
        (await server.LoginAsync(name)).Is(200);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?scope=")]
    [InlineData("?scope=ALL")]
    [InlineData("?scope=all&scope=others")]
    public async Task EndMany_IsRefused_WhenTheScopeIsNone(string query)
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.DeleteAsync($"/auth/sessions{query}", tokens.AccessToken)).IsProblem(400, "request_malformed");
        (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("01946f5e-0000-7000-8000-000000000000")]
    [InlineData("{other}")]
    public async Task Change_Is404_WhenTheSessionIsNotOnesOwn(string sid)
    {
        var ((_, mine), (_, other)) = (await server.RegisterAsync(), await server.RegisterAsync());
        var path = "/auth/sessions/" + sid.Replace("{other}", other.SessionId, StringComparison.Ordinal);

        (await server.DeleteAsync(path, mine.AccessToken)).IsProblem(404, "not_found");
        (await server.PatchAsync(path, new { name = "mine now" }, mine.AccessToken)).IsProblem(404, "not_found");

        (await server.GetAsync("/auth/me", other.AccessToken)).Is(200);
    }

    [Fact]
    public async Task Start_EndsTheLeastRecentlyUsed_WhenThereAreAHundred()
    {
        var (name, first) = await server.RegisterAsync();
        var id = new Symbolon.Sessions.SubjectId((await server.GetAsync("/auth/me", first.AccessToken)).String("sub")!);
        for (var i = 0; i < 99; i++)
        {
            server.Time.Advance(TimeSpan.FromMilliseconds(1));
            await server.Authority.StartAsync(new SessionRequest(id));
        }

        (await server.GetAsync("/auth/me", first.AccessToken)).Is(200);
        (await server.LoginAsync(name)).Is(200);

        (await server.RefreshAsync(first.RefreshToken)).IsProblem(401, "session_ended", "session_limit");
    }

    private static List<string> Ids(Answer list) => [.. list["items"].EnumerateArray().Select(item => item.GetProperty("session_id").GetString()!)];

    private async Task<Answer> LoginAsync(string name, object? device = null)
    {
        server.Time.Advance(TimeSpan.FromMilliseconds(1)); // ids sort by time
        return (await server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, device }, null, ("User-Agent", "tests/1.0"))).Is(200);
    }
}
