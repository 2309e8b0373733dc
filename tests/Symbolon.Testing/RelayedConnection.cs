using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Symbolon.Testing;

/// <summary>One connection through the relay. HTTP/1.1 without pipelining: the last request line seen says what its bytes belong to.</summary>
internal sealed class RelayedConnection(Socket client, Func<RelayRules> rules)
{
    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SemaphoreSlim writing = new(1);
    private readonly CancellationTokenSource reset = new();
    private bool isAtBoundary;
    private volatile bool isForgotten;

    /// <summary>The path of the request that is being served; empty before the first.</summary>
    public string Path { get; private set; } = "";

    /// <summary>Ends with the connection.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public void Run(int target, Action ended, CancellationToken ct) => Running = RunAsync(target, ended, ct);

    /// <summary>Looks at the rules again.</summary>
    public void Obey()
    {
        if (rules().Passage(Path) is Passage.Refused) Reset();
    }

    /// <summary>Nothing passes any more, whatever the rules are.</summary>
    public void Forget() => isForgotten = true;

    /// <summary>Sends the client a chunk of our own, where the last one has ended.</summary>
    public async Task<bool> InsertAsync(string text, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            if (!isAtBoundary || reset.IsCancellationRequested) return false;
            var chunk = Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");
            await SendAsync(client, chunk, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task RunAsync(int target, Action ended, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, reset.Token);
        try
        {
            client.NoDelay = true;
            Obey();
            await server.ConnectAsync(IPAddress.Loopback, target, ends.Token);
            var (up, down) = (PumpAsync(client, server, isAnswer: false, ends.Token), PumpAsync(server, client, isAnswer: true, ends.Token));
            await Task.WhenAny(up, down);
            Reset();
            await Task.WhenAll(up, down);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // cut, or one of the two has gone: so has the other
        }
        finally
        {
            ended();
            client.LingerState = new LingerOption(enable: true, seconds: 0); // a reset, so that the other side knows at once
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isAnswer, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, ct) is > 0 and var count)
        {
            var bytes = buffer.AsMemory(0, count);
            if (!isAnswer) ReadPath(bytes.Span);
            await PassAsync(isAnswer, ct);
            if (isAnswer) await AnswerAsync(bytes, ct);
            else await SendAsync(to, bytes, ct);
        }
    }

    private async Task AnswerAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            await SendAsync(client, bytes, ct);
            isAtBoundary = bytes.Span.EndsWith("\r\n"u8);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task PassAsync(bool isAnswer, CancellationToken ct)
    {
        while (true)
        {
            if (isForgotten) await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            var now = rules();
            switch (now.Passage(Path))
            {
                case Passage.Refused:
                    Reset();
                    throw new OperationCanceledException();
                case Passage.Open:
                case Passage.Kept when !isAnswer:
                    if (now.Delay > TimeSpan.Zero) await Task.Delay(now.Delay, ct);
                    return;
                default:
                    await now.Changed.Task.WaitAsync(ct);
                    break;
            }
        }
    }

    private void ReadPath(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("GET "u8) && !bytes.StartsWith("POST "u8)) return; // a body
        var line = bytes[..Math.Max(0, bytes.IndexOf((byte)'\r'))];
        var (from, to) = (line.IndexOf((byte)' ') + 1, line.LastIndexOf((byte)' '));
        if (to > from) Path = Encoding.ASCII.GetString(line[from..to]);
    }

    private void Reset() => reset.Cancel();

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0) bytes = bytes[await to.SendAsync(bytes, ct)..];
    }
}
