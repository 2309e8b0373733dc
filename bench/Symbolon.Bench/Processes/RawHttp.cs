using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Symbolon.Bench.Processes;

/// <summary>One connection that sends requests and reads answers by hand over a socket: the two processors are shared with what is measured.</summary>
internal sealed class RawHttp(int port) : IDisposable
{
    private readonly byte[] answer = new byte[64 * 1024];
    private Socket? socket;
    private int length;

    /// <summary>The answer that came last, head and body.</summary>
    public ReadOnlySpan<byte> Answer => answer.AsSpan(0, length);

    public string AnswerText => Encoding.UTF8.GetString(Answer);

    /// <summary>Its status.</summary>
    public int Status => ((Answer[9] - '0') * 100) + ((Answer[10] - '0') * 10) + (Answer[11] - '0');

    /// <summary>A request as bytes.</summary>
    public static byte[] Request(string method, string path, string? token = null, string? json = null) => Encoding.ASCII.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}{(json is null ? "" : $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\n")}\r\n{json}");

    /// <summary>Sends a request and waits for the whole answer.</summary>
    /// <returns>Its status.</returns>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request)
    {
        socket ??= await OpenAsync(port);
        await socket.SendAsync(request);
        for (length = 0; !IsWhole(Answer);) Received(await socket.ReceiveAsync(answer.AsMemory(length)));
        return Done();
    }

    /// <summary>The same on the caller's thread, so that no other one has to wake up for it.</summary>
    public int Send(ReadOnlySpan<byte> request)
    {
        socket ??= OpenAsync(port).AsTask().GetAwaiter().GetResult();
        socket.Send(request);
        for (length = 0; !IsWhole(Answer);) Received(socket.Receive(answer.AsSpan(length)));
        return Done();
    }

    /// <summary>The text of a member of the answer's JSON, whose text has nothing escaped.</summary>
    public string Member(string name)
    {
        var (text, key) = (AnswerText, $"\"{name}\":\"");
        var at = text.IndexOf(key, StringComparison.Ordinal);
        if (at < 0) throw new InvalidOperationException($"The answer with status {Status} has no {name}.");
        return text[(at + key.Length)..text.IndexOf('"', at + key.Length)];
    }

    public static async ValueTask<Socket> OpenAsync(int port)
    {
        var opened = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await opened.ConnectAsync(IPAddress.Loopback, port);
        return opened;
    }

    public void Dispose() => socket?.Dispose();

    /// <summary>Whether an answer has come whole.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        if (answer.StartsWith("HTTP/1.1 204"u8)) return true;
        var stated = answer[..head].IndexOf("Content-Length: "u8);
        if (stated < 0) return answer.EndsWith("\r\n0\r\n\r\n"u8); // chunked
        var digits = answer[(stated + "Content-Length: ".Length)..];
        return answer.Length >= head + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')]);
    }

    private void Received(int bytes)
    {
        if (bytes == 0) throw new InvalidOperationException($"The connection was closed after {length} bytes of an answer.");
        length += bytes;
    }

    // nginx closes a connection after a thousand requests, and says so.
    private int Done()
    {
        if (Answer[..Answer.IndexOf("\r\n\r\n"u8)].IndexOf("Connection: close"u8) >= 0)
        {
            socket!.Dispose();
            socket = null;
        }

        return Status;
    }
}
