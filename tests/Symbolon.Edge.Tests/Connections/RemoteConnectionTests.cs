using System.Diagnostics;
using System.Net.WebSockets;
using Symbolon.Edge.Faults;
using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Connections;

/// <summary>What is open at an API in a process of its own, when a session ends at the authority, or nobody can say any more that it has not.</summary>
public sealed class RemoteConnectionTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    // Beyond the bound of the contract: how often the age is looked at, the moment that an answer gets, and a machine that is busy.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task OpenConnections_AreClosedWithinTheBound_WhenTheirSessionEndsAtTheAuthority()
    {
        var (ended, other) = (await edge.NewSessionAsync(), await edge.NewSessionAsync());
        await using var stays = await OpenEventsAsync(other);
        await using var events = await OpenEventsAsync(ended);
        using var socket = await OpenSocketAsync(ended);
        await using var download = await OpenAsync("/download", ended);
        await download.ReadExactlyAsync(new byte[1024], Ct);

        await edge.EndAsync(ended);
        var endedAt = Stopwatch.GetTimestamp();
        var closed = await socket.ReceiveAsync(new byte[1024], Ct);
        Assert.Equal((WebSocketMessageType.Close, "token_revoked logout"), (closed.MessageType, socket.CloseStatusDescription));
        Assert.Equal("data: token_revoked logout", (await ReadAsync(events)).Trim());
        await Assert.ThrowsAnyAsync<IOException>(() => download.CopyToAsync(Stream.Null, Ct).WaitAsync(Patiently.Patience, Ct));
        Assert.InRange(Stopwatch.GetElapsedTime(endedAt), TimeSpan.Zero, edge.Api.Settings.MaxStaleness);

        await edge.EndAsync(other);
        Assert.Equal("data: token_revoked logout", (await ReadAsync(stays)).Trim()); // it had stood till now
    }

    [Fact]
    public async Task OpenConnections_AreClosedWithinTheBound_WhenTheFeedIsCut()
    {
        var session = await edge.NewSessionAsync();
        await using var events = await OpenEventsAsync(session);
        using var socket = await OpenSocketAsync(session);
        edge.Relay.Cut();
        var cutAt = Stopwatch.GetTimestamp();

        var closed = await socket.ReceiveAsync(new byte[1024], Ct);
        Assert.Equal((WebSocketMessageType.Close, "view_stale"), (closed.MessageType, socket.CloseStatusDescription));
        Assert.Equal("data: view_stale", (await ReadAsync(events)).Trim());
        Assert.InRange(Stopwatch.GetElapsedTime(cutAt), TimeSpan.Zero, edge.Api.Settings.MaxStaleness + Slack);
        edge.Relay.Open();
        await edge.CurrentAsync();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadToEndAsync(Ct).WaitAsync(Patiently.Patience, Ct);
    }

    private async Task<Stream> OpenEventsAsync(SignedIn session)
    {
        var stream = await OpenAsync("/events", session);
        await stream.ReadExactlyAsync(new byte["data: hello\n\n".Length], Ct);
        return stream;
    }

    private async Task<Stream> OpenAsync(string path, SignedIn session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", session.AccessToken);
        var response = await edge.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(Ct);
    }

    private async Task<ClientWebSocket> OpenSocketAsync(SignedIn session)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {session.AccessToken}");
        await socket.ConnectAsync(new UriBuilder(edge.Api.Http.BaseAddress!) { Scheme = "ws", Path = "/socket" }.Uri, Ct);
        return socket;
    }
}
