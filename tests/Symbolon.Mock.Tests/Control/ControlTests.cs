using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Symbolon.Sessions;

namespace Symbolon.Mock.Tests.Control;

public class ControlTests : MockTest
{
    [Fact]
    public async Task ExpireAccess_IsTheEnginesOwn401_AndRefreshingHelpsAtOnce()
    {
        var (tokens, others) = (await Client.LogInAsync(), await Client.LogInAsync("user"));
        Assert.Equal(1, (await Client.ControlAsync("expire", """{"what":"access","username":"admin"}""")).GetProperty("expired").GetInt32());
        using var refused = await Client.GetAsync("/api/x", tokens);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"token_expired\"", refused.Headers.WwwAuthenticate.ToString());
        Assert.Equal((401, "token_expired"), await Client.GetAsync("/auth/session", tokens).SaysAsync());
        Assert.Equal((200, null), await Client.GetAsync("/api/x", others).SaysAsync());

        using var refreshed = await Client.RefreshAsync(tokens);
        var next = Tokens.Of(await refreshed.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
        Assert.Equal((200, null), await Client.GetAsync("/api/x", next).SaysAsync());
        await Mock.ExpireAsync();
        Assert.Equal((401, "token_expired"), await Client.GetAsync("/api/x", next).SaysAsync());
        Assert.Equal((401, "token_signature"), await Client.GetAsync("/api/x", next with { Access = next.Access[..^8] + "AAAAAAAA" }).SaysAsync());
    }

    [Fact]
    public async Task ExpireAccess_DoesNotCoverNewTokens_WhenTheClockWasTurnedBack()
    {
        await Mock.ExpireAsync();
        Mock.Clock.Set(Mock.Clock.Now - TimeSpan.FromDays(1));
        Assert.Equal((200, null), await Client.GetAsync("/api/x", await Client.LogInAsync()).SaysAsync());
    }

    [Fact]
    public async Task ExpireSession_EndsIt_ByInactivity()
    {
        var tokens = await Client.LogInAsync();
        Assert.Equal(1, await Mock.ExpireAsync(MockExpiry.Session, sessionId: tokens.Session));
        Assert.Equal((401, "token_expired"), await Client.GetAsync("/api/x", tokens).SaysAsync());
        using var refused = await Client.RefreshAsync(tokens);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(("session_expired", "inactivity"), (problem.GetProperty("code").GetString(), problem.GetProperty("reason").GetString()));
        Assert.Equal(0, await Mock.ExpireAsync(MockExpiry.Session, sessionId: tokens.Session));
    }

    [Theory]
    [InlineData("""{"username":"admin"}""", "ended_by_admin")]
    [InlineData("""{"username":"admin","reason":"refresh_reuse"}""", "refresh_reuse")]
    [InlineData("""{"all":true}""", "ended_by_admin")]
    [InlineData("""{"all":true,"reason":"all_ended"}""", "all_ended")]
    public async Task Revoke_Counts_BeforeItIsAnswered_WithItsReason(string body, string reason)
    {
        var tokens = await Client.LogInAsync();
        Assert.Equal(1, (await Client.ControlAsync("revoke", body)).GetProperty("ended").GetInt32());
        using var refused = await Client.GetAsync("/api/x", tokens);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(("token_revoked", reason), (problem.GetProperty("code").GetString(), problem.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Revoke_EndsOneSession_AndNoOther()
    {
        var (one, other) = (await Client.LogInAsync(), await Client.LogInAsync());
        Assert.Equal(1, await Mock.RevokeAsync(sessionId: one.Session, reason: EndReason.Risk));
        Assert.Equal((401, "token_revoked"), await Client.GetAsync("/api/x", one).SaysAsync());
        Assert.Equal((200, null), await Client.GetAsync("/api/x", other).SaysAsync());
        Assert.Equal(0, await Mock.RevokeAsync(sessionId: one.Session));
    }

    [Fact]
    public async Task Roles_MakeTokensStale_AndTheNextOneCarriesThem()
    {
        var tokens = await Client.LogInAsync("user");
        Assert.Equal((403, "role_missing"), await Client.GetAsync("/api/admin/x", tokens).SaysAsync());
        Assert.Equal(1, (await Client.ControlAsync("roles", """{"username":"user","roles":["admin"]}""")).GetProperty("claims_version").GetInt32());
        Assert.Equal((401, "claims_stale"), await Client.GetAsync("/api/admin/x", tokens).SaysAsync());
        using var refreshed = await Client.RefreshAsync(tokens);
        Assert.Equal((200, null), await Client.GetAsync("/api/admin/x", Tokens.Of(await refreshed.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken))).SaysAsync());
    }

    [Fact]
    public async Task Roles_ThatATokenMayHave_LogIn_AndMoreAreRefused()
    {
        string[] most = [.. Enumerable.Range(0, 16).Select(i => $"{i:d2}{new string('r', 10)}")]; // 192 characters
        await Mock.SetRolesAsync("user", most, TestContext.Current.CancellationToken);
        Assert.Equal((200, null), await Client.GetAsync("/api/x", await Client.LogInAsync("user")).SaysAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => Mock.SetRolesAsync("user", [.. most, "one-more"], TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(() => Mock.SetRolesAsync("user", ["super admin"], TestContext.Current.CancellationToken));
        using var refused = await PostAsync("roles", $$"""{"username":"user","roles":["{{string.Join("\",\"", most)}}","one-more"]}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Unknown_UserOrSession_IsSaid()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Mock.RevokeAsync("nobody"));
        await Assert.ThrowsAsync<ArgumentException>(() => Mock.SetRolesAsync("nobody", []));
        await Assert.ThrowsAsync<ArgumentException>(() => Mock.ExpireAsync(sessionId: "nothing"));
        Assert.Equal((404, "not_found"), await PostAsync("revoke", """{"username":"nobody"}""").SaysAsync());
        foreach (var (path, body, what) in ((string, string, string)[])[
            ("revoke", """{"username":"nobody"}""", "There is no user 'nobody'."), ("expire", """{"what":"access","session_id":"nothing"}""", "There is no session 'nothing'."),
            ("roles", """{"username":"nobody","roles":[]}""", "There is no user 'nobody'.")])
        {
            using var answer = await PostAsync(path, body);
            Assert.StartsWith(what, (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("clock", "{}", "either")]
    [InlineData("clock", """{"advance":"soon"}""", "a length such as")]
    [InlineData("clock", """{"advanse":"10m"}""", "not known")]
    [InlineData("clock", """{"advance":"36501d"}""", "length")]
    [InlineData("clock", """{"set":"1969-12-31T23:59:59Z"}""", "1970")]
    [InlineData("expire", "{}", "access or session")]
    [InlineData("revoke", "{}", "Say one of")]
    [InlineData("revoke", """{"all":true,"reason":"mood"}""", "ended_by_admin")]
    [InlineData("roles", """{"username":"user"}""", "roles")]
    [InlineData("roles", """{"username":"user","roles":["a\u0007"]}""", "1 to 64 characters")]
    [InlineData("faults", """{"kind":"oops"}""", "lost-response")]
    [InlineData("faults", """{"kind":"status","status":200}""", "400 to 599")]
    [InlineData("faults", "[", "JSON object")]
    [InlineData("faults", "null", "not null")]
    public async Task Mistakes_AreAnswered_WithWhatWasExpected(string path, string body, string expected)
    {
        using var answer = await PostAsync(path, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clock_IsTurned_AndTold()
    {
        var turned = await Client.ControlAsync("clock", """{"advance":"11m"}""");
        Assert.Equal(660_000, turned.GetProperty("offset_ms").GetInt64());
        await Client.ControlAsync("clock", """{"set":"2030-01-01T00:00:00Z"}""");
        Assert.StartsWith("2030-01-01T00:0", (await Client.GetFromJsonAsync<JsonElement>("/__mock/clock", TestContext.Current.CancellationToken)).GetProperty("now").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_AreAdded_Listed_AndRemoved()
    {
        var id = (await Client.ControlAsync("faults", """{"kind":"status","path":"/api/*","retry_after":20,"delay":"0..300ms","times":2}""")).GetProperty("id").GetString();
        var item = (await Client.GetFromJsonAsync<JsonElement>("/__mock/faults", TestContext.Current.CancellationToken)).GetProperty("items")[0];
        Assert.Equal((id, "20s", "0..300ms"), (item.GetProperty("id").GetString(), item.GetProperty("retry_after").GetString(), item.GetProperty("delay").GetString()));
        using var removed = await Client.DeleteAsync($"/__mock/faults/{id}", TestContext.Current.CancellationToken);
        using var again = await Client.DeleteAsync($"/__mock/faults/{id}", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (removed.StatusCode, again.StatusCode));
    }

    [Theory]
    [InlineData("evil.example", null, 403)]
    [InlineData("evil.example:80", "http://localhost:3000", 403)]
    [InlineData(null, "https://evil.example", 403)]
    [InlineData(null, "null", 403)]
    [InlineData(null, "http://localhost.evil.example", 403)]
    [InlineData(null, "http://localhost:3000", 200)]
    [InlineData("127.0.0.1", null, 200)]
    [InlineData("[::1]", null, 200)]
    public async Task Control_IsForThisMachine_ByItsNames(string? host, string? origin, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/__mock/clock");
        if (host is not null) request.Headers.Host = host;
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Control_TakesNoForm(string type)
    {
        using var answer = await Client.PostAsync("/__mock/reset", new StringContent("{}", Encoding.UTF8, type), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task Control_IsNotInTheLog_AndTellsNoToken()
    {
        var tokens = await Client.LogInAsync();
        using var refreshed = await Client.RefreshAsync(tokens);
        var (state, log) = (await Client.GetStringAsync("/__mock/state", TestContext.Current.CancellationToken), await Client.GetStringAsync("/__mock/log", TestContext.Current.CancellationToken));
        Assert.DoesNotContain("__mock", log, StringComparison.Ordinal);
        foreach (var secret in new[] { tokens.Access, tokens.Refresh }) Assert.DoesNotContain(secret, state + log, StringComparison.Ordinal);
        var session = JsonDocument.Parse(state).RootElement.GetProperty("sessions")[0];
        Assert.Equal((tokens.Session, "admin", true), (session.GetProperty("session_id").GetString(), session.GetProperty("username").GetString(), session.GetProperty("live").GetBoolean()));
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) => Client.PostAsync($"/__mock/{path}", new StringContent(body, Encoding.UTF8, "application/json"));
}
