using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Symbolon.Bench.Processes;

namespace Symbolon.Bench.Revoke;

/// <summary>Readers of the revocation stream, each on a connection of its own.</summary>
internal sealed class Subscribers : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket[] sockets;
    private readonly Lock gate = new();
    private readonly int[] entries;
    private TaskCompletionSource<long> all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int awaited = 1, missing;

    private Subscribers(Socket[] sockets) => (this.sockets, entries, missing) = (sockets, new int[sockets.Length], sockets.Length);

    /// <summary>Opens the streams; returns when each has begun.</summary>
    public static async Task<Subscribers> OpenAsync(int port, string token, int count)
    {
        var opened = new Socket[count];
        for (var i = 0; i < count; i++)
        {
            opened[i] = await RawHttp.OpenAsync(port);
            await opened[i].SendAsync(RawHttp.Request("GET", "/revocations/stream", token));
        }

        var subscribers = new Subscribers(opened);
        for (var i = 0; i < count; i++) await subscribers.BeginAsync(i);
        return subscribers;
    }

    /// <summary>Waits until the last has the entry that comes next.</summary>
    /// <returns>When it had it.</returns>
    public async Task<long> NextAsync(Func<Task> revoke)
    {
        await revoke();
        var when = await all.Task.WaitAsync(Patience);
        lock (gate)
        {
            all = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            awaited++;
            missing = entries.Count(known => known < awaited);
        }

        return when;
    }

    public void Dispose() => Array.ForEach(sockets, socket => socket.Dispose());

    private async Task BeginAsync(int number)
    {
        var buffer = new byte[8 * 1024];
        var text = "";
        while (!text.Contains("event: hello", StringComparison.Ordinal))
        {
            var read = await sockets[number].ReceiveAsync(buffer).WaitAsync(Patience);
            if (read == 0) throw new InvalidOperationException($"A stream ended before it began: {text}");
            text += Encoding.ASCII.GetString(buffer, 0, read);
        }

        _ = ReadAsync(number, buffer);
    }

    // An entry that comes in two pieces is found with the second.
    private async Task ReadAsync(int number, byte[] buffer)
    {
        var kept = 0;
        try
        {
            while (await sockets[number].ReceiveAsync(buffer.AsMemory(kept)) is > 0 and var read)
            {
                var rest = buffer.AsMemory(0, kept + read);
                for (int at; (at = rest.Span.IndexOf("event: entry"u8)) >= 0; rest = rest[(at + "event: entry".Length)..]) Received(number);
                kept = Math.Min(rest.Length, "event: entry".Length - 1);
                rest[^kept..].CopyTo(buffer);
            }
        }
        catch (SocketException)
        {
            // Closed by us.
        }
        catch (ObjectDisposedException)
        {
            // The same.
        }
    }

    private void Received(int number)
    {
        var now = Stopwatch.GetTimestamp();
        lock (gate)
        {
            if (++entries[number] == awaited && --missing == 0) all.TrySetResult(now);
        }
    }
}
