using System.Net;
using System.Net.Sockets;
using System.Text;
using Symbolon.Bench.Processes;

namespace Symbolon.Bench.Refresh;

/// <summary>One connection that refreshes one session after another, by hand over a socket: the two processors are shared with the server.</summary>
internal sealed class RefreshConnection : IDisposable
{
    private const int TokenLength = Symbolon.Refresh.RefreshToken.Length, AttemptLength = 22;

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] request, answer = new byte[16 * 1024];
    private readonly int attemptAt, tokenAt;

    private RefreshConnection(int port)
    {
        var body = $$"""{"refresh_token":"{{new string('t', TokenLength)}}"}""";
        var head = $"POST /auth/refresh HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nSymbolon-Attempt: ";
        request = Encoding.ASCII.GetBytes($"{head}{new string('a', AttemptLength)}\r\n\r\n{body}");
        attemptAt = head.Length;
        tokenAt = request.Length - TokenLength - 2;
    }

    public static async Task<RefreshConnection> OpenAsync(int port)
    {
        var connection = new RefreshConnection(port);
        await connection.socket.ConnectAsync(IPAddress.Loopback, port);
        return connection;
    }

    /// <summary>Presents the token; answers the next one.</summary>
    /// <exception cref="InvalidOperationException">The answer is not a new token.</exception>
    public async ValueTask<string> RefreshAsync(string token)
    {
        Encoding.ASCII.GetBytes(token, request.AsSpan(tokenAt));
        Attempt(request.AsSpan(attemptAt, AttemptLength));
        await socket.SendAsync(request);
        var length = 0;
        while (!RawHttp.IsWhole(answer.AsSpan(0, length)))
        {
            var read = await socket.ReceiveAsync(answer.AsMemory(length));
            if (read == 0) throw new InvalidOperationException("The server closed a connection.");
            length += read;
        }

        return NextToken(answer.AsSpan(0, length));
    }

    public void Dispose() => socket.Dispose();

    private static void Attempt(Span<byte> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = (byte)('a' + Random.Shared.Next(26));
    }

    private static string NextToken(ReadOnlySpan<byte> answer)
    {
        var at = answer.IndexOf("\"refresh_token\":\""u8);
        return at > 0 && answer.StartsWith("HTTP/1.1 200 "u8)
            ? Encoding.ASCII.GetString(answer.Slice(at + "\"refresh_token\":\"".Length, TokenLength))
            : throw new InvalidOperationException($"A refresh failed: {Encoding.ASCII.GetString(answer)}");
    }
}
