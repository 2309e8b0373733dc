using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore.Tests.Support;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.AspNetCore.Tests.Connections;

/// <summary>Connections that are open when their session ends: WebSockets, event streams and long downloads over a real Kestrel.</summary>
public sealed class OpenConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string sid = Guid.NewGuid().ToString();
    private readonly TaskCompletionSource<string> cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously), leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Api api = null!;
    private volatile SymbolonConnection? half;

    private string Token => api.Issuer.Token(claims => claims with { SessionId = sid, Subject = "u1", ClaimsVersion = 1 });

    public async ValueTask InitializeAsync() => api = await Api.StartAsync(Map);

    public ValueTask DisposeAsync()
    {
        leave.TrySetResult();
        return api.DisposeAsync();
    }

    [Fact]
    public async Task WebSocket_IsClosedWithCodeAndReason_WhenItsSessionEnds()
    {
        using var socket = await OpenSocketAsync();
        api.Feed.EndSession(sid, EndReason.PasswordChanged);
        await ReadCloseAsync(socket);
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "token_revoked password_changed"), (socket.CloseStatus!.Value, socket.CloseStatusDescription));
        await CloseAsync(socket);
        Assert.Equal("end of stream", await cut.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WebSocket_IsCutOff_WhenThePeerDoesNotAnswer()
    {
        using var socket = await OpenSocketAsync();
        api.Feed.EndSession(sid);
        Assert.Equal("end of stream", await cut.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WebSocket_TakesNothingMore_OnceItsSessionHasEnded()
    {
        using var socket = await OpenSocketAsync();
        api.Feed.EndSession(sid);
        await ReadCloseAsync(socket); // from here on the server knows
        await SendAsync(socket, "late");
        await CloseAsync(socket);
        Assert.Equal("end of stream", await cut.Task.WaitAsync(Patience, TestContext.Current.CancellationToken)); // and not what it said
    }

    /// <summary>Once the server closed a connection on which the peer was sending: it was reset, and the peer did not always learn why.</summary>
    [Fact]
    public async Task WebSocket_IsClosedAndNotReset_WhenThePeerIsSending()
    {
        using var socket = await OpenSocketAsync();
        using var closed = new CancellationTokenSource();
        var sending = Task.Run(async () =>
        {
            while (!closed.IsCancellationRequested) await SendAsync(socket, new string('x', 500));
        }, TestContext.Current.CancellationToken);
        await ReadAsync(socket);
        api.Feed.EndSession(sid);
        var got = await socket.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        while (got.MessageType != WebSocketMessageType.Close) got = await socket.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal("token_revoked logout", socket.CloseStatusDescription);
        await closed.CancelAsync();
        await sending.WaitAsync(Patience, TestContext.Current.CancellationToken);
        for (var i = 0; i < 100; i++) await SendAsync(socket, "more");
        await CloseAsync(socket);
        Assert.Equal("end of stream", await cut.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WebSocket_StaysOpen_WhenAnotherSessionEnds()
    {
        using var socket = await OpenSocketAsync();
        api.Feed.EndSession(Guid.NewGuid().ToString());
        await SendAsync(socket, "hello");
        Assert.Equal("hello", await ReadAsync(socket));
    }

    [Fact]
    public async Task Events_SayGoodBye_WhereTheRouteObserves()
    {
        using var answer = await OpenAsync("/events");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("data: hello", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        api.Feed.EndSession(sid);
        Assert.Equal("\nevent: ended\ndata: token_revoked logout\n\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Events_AreCut_WhenGoodByeTakesTooLong()
    {
        using var answer = await OpenAsync("/slow-goodbye");
        api.Feed.EndSession(sid);
        Assert.Equal("aborted", await cut.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Download_IsCut()
    {
        using var answer = await OpenAsync("/download");
        await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await body.ReadExactlyAsync(new byte[1024], TestContext.Current.CancellationToken);
        api.Feed.EndSession(sid);
        await Assert.ThrowsAnyAsync<Exception>(() => body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal("aborted", await cut.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Answer_ThatIsAllButSent_Arrives() // ordinary requests were reset, when their session ended while the last byte was on its way
    {
        await using var patient = await Api.StartAsync(Map, options => options.ClosingGrace = TimeSpan.FromSeconds(5));
        var asking = patient.SendAsync("/half", patient.Issuer.Token(claims => claims with { SessionId = sid }));
        await entered.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        patient.Feed.EndSession(sid);
        await Eventually.IsAsync(() => half!.Code is not null, "it is to be closed");
        leave.SetResult();
        Assert.Equal("the other half", (await asking).Is(200).Text);
    }

    [Fact]
    public async Task Answer_ThatHasNotBegun_MayBeGiven() // it may be the log-out itself
    {
        var asking = api.SendAsync("/slow", Token);
        await entered.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        api.Feed.EndSession(sid);
        leave.SetResult();
        (await asking).Is(200);
    }

    [Fact]
    public async Task Answer_ThatHasNotBegun_IsCut_WhenItTakesLongerThanARevocation()
    {
        var asking = api.SendAsync("/slow-and-strict", Token);
        await entered.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        api.Feed.EndSession(sid);
        await Assert.ThrowsAsync<HttpRequestException>(() => asking.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Offline_IsLeft()
    {
        using var answer = await OpenAsync("/offline");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("data: unwatched", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/claims", true)]
    [InlineData("/events", false)]
    public async Task ChangedClaims_Close_WhereTheRouteAsksForIt(string path, bool closes)
    {
        using var answer = await OpenAsync(path);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        api.Feed.Revoke(RevocationEntry.OfClaims(new SubjectId("u1"), 2, TimeProvider.System.GetUtcNow()));
        if (!closes) api.Feed.EndSession(sid);
        Assert.Contains(closes ? "claims_stale" : "token_revoked", await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_IsClosed_WhenItsSessionEndedWhileItWasLetIn()
    {
        // The authority is asked and says yes; before the connection is on the list, the entry arrives.
        api.Live.Answer = _ =>
        {
            api.Feed.EndSession(sid);
            return default;
        };
        using var answer = await OpenAsync("/live");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Contains("token_revoked", await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private void Map(WebApplication app)
    {
        app.UseWebSockets();
        app.Map("/socket", SocketAsync).RequireSymbolon();
        app.MapGet("/events", EventsAsync).RequireSymbolon();
        app.MapGet("/live", EventsAsync).RequireSymbolon(SymbolonMode.Live);
        app.MapGet("/claims", EventsAsync).RequireSymbolon(new SymbolonModeAttribute(SymbolonMode.Revocable) { CloseWhenClaimsStale = true });
        app.MapGet("/offline", (HttpContext http) => http.Response.WriteAsync(http.Features.Get<SymbolonConnection>() is null ? "data: unwatched\n\n" : "")).RequireSymbolon(SymbolonMode.Offline);
        app.MapGet("/slow-goodbye", async (HttpContext http) =>
        {
            _ = http.Features.Get<SymbolonConnection>()!.Ended;
            await http.Response.WriteAsync("data: hello\n\n");
            await http.Response.Body.FlushAsync();
            await UntilAbortedAsync(http);
        }).RequireSymbolon();
        app.MapGet("/download", async (HttpContext http) =>
        {
            try
            {
                while (true) await http.Response.Body.WriteAsync(new byte[16 * 1024], http.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                cut.TrySetResult("aborted");
            }
        }).RequireSymbolon();
        app.MapGet("/half", async (HttpContext http) =>
        {
            await http.Response.StartAsync();
            half = http.Features.Get<SymbolonConnection>();
            await SlowAsync(http);
            await http.Response.WriteAsync("the other half");
        }).RequireSymbolon();
        app.MapGet("/slow", SlowAsync).RequireSymbolon();
        app.MapGet("/slow-and-strict", SlowAsync).RequireSymbolon(new SymbolonModeAttribute(SymbolonMode.Revocable) { MaxStalenessSeconds = 0.5 });
    }

    private async Task SlowAsync(HttpContext http)
    {
        entered.SetResult();
        await leave.Task.WaitAsync(http.RequestAborted);
    }

    private static async Task EventsAsync(HttpContext http)
    {
        var connection = http.Features.Get<SymbolonConnection>()!;
        await http.Response.WriteAsync("data: hello\n\n");
        await http.Response.Body.FlushAsync();
        await UntilAsync(connection.Ended);
        await http.Response.WriteAsync($"event: ended\ndata: {connection.Code} {connection.Reason}\n\n");
    }

    private async Task SocketAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        try
        {
            while (true)
            {
                var got = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (got.MessageType == WebSocketMessageType.Close) break;
                if (Encoding.ASCII.GetString(buffer, 0, got.Count) == "late") cut.TrySetResult("took it");
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            cut.TrySetResult("end of stream");
        }
    }

    private async Task UntilAbortedAsync(HttpContext http)
    {
        await UntilAsync(http.RequestAborted);
        cut.TrySetResult("aborted");
    }

    private static async Task UntilAsync(CancellationToken ended) => await Task.Delay(Timeout.InfiniteTimeSpan, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<HttpResponseMessage> OpenAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
        return (await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).EnsureSuccessStatusCode();
    }

    private async Task<ClientWebSocket> OpenSocketAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Token}");
        await socket.ConnectAsync(new UriBuilder(api.Address) { Scheme = "ws", Path = "/socket" }.Uri, TestContext.Current.CancellationToken);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.ASCII.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private static Task CloseAsync(ClientWebSocket socket) =>
        socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

    private static async Task<string> ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[1024];
        var got = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(buffer, 0, got.Count);
    }

    private static async Task ReadCloseAsync(ClientWebSocket socket)
    {
        var got = await socket.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketMessageType.Close, got.MessageType);
    }
}
