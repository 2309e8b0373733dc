using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;
using Symbolon.Authority.Endpoints;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority;

/// <summary>Serves the streams of the feed. Each keeps the number it has sent and what its connection holds, no more: who is too slow reads the log, or is dropped.</summary>
internal sealed class RevocationStream(RevocationBroadcast broadcast, IRevocationLog log, IOptions<AuthorityOptions> options, TimeProvider time)
{
    private const int Batch = 128, PageSize = 500;

    // Beaten each second. Older when it is written: the process stood still in between, and who reads it must not take it for news.
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(2);
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> ofClient = new(StringComparer.Ordinal);
    private int open;

    /// <summary>How many streams are open.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>Counts one more stream of a client; false when there are as many as may be, or a quarter of these are this client's.</summary>
    public bool TryOpen(string client)
    {
        var most = options.Value.Feed.Streams;
        lock (gate)
        {
            var own = ofClient.GetValueOrDefault(client);
            if (open >= most || own >= Math.Max(1, most / 4)) return false;
            ofClient[client] = own + 1;
            open++;
            return true;
        }
    }

    /// <summary>A stream of the client has ended.</summary>
    public void Close(string client)
    {
        lock (gate)
        {
            open--;
            if (--ofClient[client] == 0) ofClient.Remove(client);
        }
    }

    /// <summary>Sends all entries above a number as they come, until <paramref name="ct"/>, the reader's going, or a resync; or until its own credential is revoked, with the entry that says so.</summary>
    public async Task RunAsync(HttpContext http, string timeline, long after, CancellationToken ct)
    {
        try
        {
            var body = http.Response.BodyWriter;
            var ended = http.Features.Get<SymbolonConnection>()?.Ended ?? CancellationToken.None; // who reads it is given a moment
            using var waking = CancellationTokenSource.CreateLinkedTokenSource(ct, ended);
            var (sent, beats, awaited) = (after, broadcast.Pulse.Beats, 0L);
            body.Write(RevocationFrames.Hello(timeline, after));
            while (await http.FlushEventsAsync(time, ct))
            {
                // The pulse is read before the entries: whatever comes in between ends its Next. And what ended the connection is in it.
                var isLast = ended.IsCancellationRequested;
                var pulse = broadcast.Pulse;
                if (await WriteEntriesAsync(body, timeline, sent, pulse, ct) is not { } last)
                {
                    body.Write(RevocationFrames.Resync);
                    await http.FlushEventsAsync(time, ct);
                    return;
                }

                var isBehind = last < pulse.Newest;
                sent = last;
                if (isBehind) continue;
                if (beats < pulse.Beats) body.Write(pulse.AsOf?.Age(time) > FreshFor ? RevocationFrames.Silence : pulse.Heartbeat);
                beats = pulse.Beats;
                if (awaited < pulse.Awaited && sent >= pulse.Awaited)
                {
                    body.Write(pulse.Receipt);
                    awaited = pulse.Awaited;
                }

                if (!await http.FlushEventsAsync(time, ct) || isLast) return;
                await pulse.Next.WaitAsync(waking.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ct.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The reader has gone, its token has expired, or the server stops: the answer ends here.
        }
        catch (StoreUnavailableException)
        {
            // Only who is behind reads the log. It comes again, and is told then how things stand.
        }
    }

    // The number up to which everything was written; null when the log does not go on from where the reader is.
    private async ValueTask<long?> WriteEntriesAsync(IBufferWriter<byte> body, string timeline, long sent, RevocationPulse pulse, CancellationToken ct)
    {
        if (pulse.Timeline is not null && pulse.Timeline != timeline) return null;
        if (sent >= pulse.Newest) return sent;
        var frames = ArrayPool<byte[]>.Shared.Rent(Batch);
        try
        {
            var count = broadcast.Read(timeline, sent, frames.AsSpan(0, Batch));
            for (var i = 0; i < count; i++) body.Write(frames[i]);
            if (count >= 0) return sent + count;
        }
        finally
        {
            ArrayPool<byte[]>.Shared.Return(frames, clearArray: true);
        }

        if (await log.ReadAsync(sent, PageSize, ct) is not { } page || page.Timeline != timeline) return null;
        foreach (var logged in page.Entries) body.Write(RevocationFrames.Entry(logged));
        return page.Seq;
    }
}
