using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Symbolon.Mock.Tests.Faults;

public class FaultTests : MockTest
{
    [Fact]
    public async Task Status_AnswersAProblem_WithRetryAfter_AndTheEngineIsNotReached()
    {
        var tokens = await Client.LogInAsync();
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Status, Path = "/auth/refresh", Status = 503, RetryAfter = TimeSpan.FromSeconds(20), Times = 1 });
        using (var answer = await Client.RefreshAsync(tokens))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(20), answer.Headers.RetryAfter!.Delta);
            Assert.Equal("unavailable", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        using var next = await Client.RefreshAsync(tokens);
        Assert.Equal(1, (await next.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("generation").GetInt32() - 1);
    }

    [Fact]
    public async Task Status401_IsOurs_OnlyWithACode()
    {
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Status, Status = 401, Times = 1 });
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Status, Status = 401, Code = "token_expired", Times = 1 });
        using var foreign = await Client.GetAsync("/api/public", TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (foreign.Headers.WwwAuthenticate.Count, foreign.Content.Headers.ContentLength));
        using var ours = await Client.GetAsync("/api/public", TestContext.Current.CancellationToken);
        Assert.Contains("token_expired", ours.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_CutsTheConnection_BeforeTheEngine()
    {
        var tokens = await Client.LogInAsync();
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Reset, Path = "/auth/refresh", Times = 1 });
        var cut = await Assert.ThrowsAsync<HttpRequestException>(() => Client.RefreshAsync(tokens));
        Assert.Equal(SocketError.ConnectionReset, SocketErrorOf(cut));
        Assert.Equal(2, await GenerationAsync(await Client.RefreshAsync(tokens)) + 1);
        Assert.Null(Mock.Log.Entries.First(entry => entry.Fault == "reset").Status);
    }

    [Fact]
    public async Task LostResponse_CutsTheConnection_AfterTheCommit()
    {
        var tokens = await Client.LogInAsync();
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.LostResponse, Path = "/auth/login", Times = 1 });
        var cut = await Assert.ThrowsAsync<HttpRequestException>(() => Client.LogInAsync("user"));
        Assert.Equal(SocketError.ConnectionReset, SocketErrorOf(cut));
        var lost = Mock.Log.Entries.Single(entry => entry.Fault == "lost-response");
        Assert.Equal((200, "user"), (lost.Status!.Value, lost.UserName));
        var state = await Client.GetFromJsonAsync<JsonElement>("/__mock/state", TestContext.Current.CancellationToken);
        Assert.Contains(state.GetProperty("sessions").EnumerateArray(), session => session.GetProperty("session_id").GetString() == lost.SessionId);
        Assert.Equal((200, null), await Client.GetAsync("/api/x", tokens).SaysAsync());
    }

    [Fact]
    public async Task CuttingFault_ClosesIdleConnections_SoThatNoBrowserRepeatsTheRequestByItself()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("localhost", Mock.Url.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        await stream.WriteAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var buffer = new byte[4096];
        Assert.True(await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) > 0);

        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.LostResponse, Path = "/auth/refresh" });
        while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) > 0) { }
        using var answer = await Client.GetAsync("/health/live", TestContext.Current.CancellationToken);
        Assert.True(answer.Headers.ConnectionClose);
    }

    [Fact]
    public async Task Truncate_EndsInTheMiddle()
    {
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Truncate, Path = "/api/public", Times = 1 });
        using var answer = await Client.GetAsync("/api/public", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
        var cut = await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpRequestError.ResponseEnded, cut.HttpRequestError);
    }

    [Fact]
    public async Task Empty_And_Html200_AreNoJson()
    {
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Empty, Times = 1 });
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Html200, Times = 1 });
        Assert.Equal("", await Client.GetStringAsync("/api/public", TestContext.Current.CancellationToken));
        using var portal = await Client.GetAsync("/api/public", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (portal.StatusCode, portal.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task DropSetCookie_AnswersWithoutTheCookie()
    {
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.DropSetCookie, Times = 1 });
        using var without = await CookieLogInAsync();
        using var with = await CookieLogInAsync();
        Assert.Equal((200, 200), ((int)without.StatusCode, (int)with.StatusCode));
        Assert.False(without.Headers.Contains("Set-Cookie"));
        Assert.True(with.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task WrongCors_TakesThePermissionAway_FromPreflightsToo()
    {
        using var before = await PreflightAsync();
        Assert.Equal("http://localhost:3000", before.Headers.GetValues("Access-Control-Allow-Origin").Single());
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.WrongCors, Path = "/api/*", Times = 2 });
        using var preflight = await PreflightAsync();
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/public") { Headers = { { "Origin", "http://localhost:3000" } } };
        using var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        using var after = await PreflightAsync();
        Assert.True(after.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Preflights_TakeNoOtherFault_AndAreNotCounted()
    {
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Status, Path = "/api/*", Times = 1 });
        using var preflight = await PreflightAsync();
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Empty(Mock.Log.Entries);
        Assert.Equal(503, (await Client.GetAsync("/api/public").SaysAsync()).Status);
    }

    [Fact]
    public async Task Times_IsExact_WhenRequestsAreParallel()
    {
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Status, Skip = 10, Times = 7 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Client.GetAsync("/api/public").SaysAsync()));
        Assert.Equal(7, answers.Count(answer => answer.Status == 503));
        Assert.Equal((50, 7), (Mock.Log.Count("GET", "/api/public"), Mock.Log.Entries.Count(entry => entry.Fault == "status")));
        Assert.Empty(Mock.Faults.Items);
    }

    [Fact]
    public async Task Delay_HoldsTheAnswerBack_AfterTheEngineHasWorked()
    {
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Delay, Delay = TimeSpan.FromMinutes(10), Path = "/auth/login", Times = 1 });
        using var impatient = new CancellationTokenSource();
        var login = Client.PostAsJsonAsync("/auth/login", new { username = "user", password = "user" }, impatient.Token);
        await Testing.Patiently.TrueAsync(async () => (await Client.GetFromJsonAsync<JsonElement>("/__mock/state")).GetProperty("sessions").GetArrayLength() == 1, () => "No session.");
        Assert.False(login.IsCompleted);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => login);
    }

    [Fact]
    public async Task Faults_NeverConcernControlCalls()
    {
        await Mock.Faults.AddAsync(new MockFault { Kind = MockFaultKind.Reset });
        using var answer = await Client.DeleteAsync("/__mock/faults", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal((200, null), await Client.GetAsync("/api/public").SaysAsync());
    }

    private static SocketError? SocketErrorOf(Exception? e) => e switch
    {
        null => null,
        SocketException socket => socket.SocketErrorCode,
        _ => SocketErrorOf(e.InnerException),
    };

    private static async Task<int> GenerationAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("generation").GetInt32() - 1;

    private Task<HttpResponseMessage> CookieLogInAsync() => Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/auth/login")
    {
        Headers = { { "X-Symbolon", "1" } },
        Content = new StringContent("""{"username":"user","password":"user","transport":"cookie"}""", Encoding.UTF8, "application/json"),
    });

    private Task<HttpResponseMessage> PreflightAsync() => Client.SendAsync(new HttpRequestMessage(HttpMethod.Options, "/api/public")
    {
        Headers = { { "Origin", "http://localhost:3000" }, { "Access-Control-Request-Method", "PUT" }, { "Access-Control-Request-Headers", "authorization,x-anything" } },
    });
}
