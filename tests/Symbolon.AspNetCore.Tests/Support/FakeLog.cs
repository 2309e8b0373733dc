using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore.Tests.Support;

/// <summary>The revocation log of <see cref="FakeAuthority"/>: pages and streams, with the lies that a test wants.</summary>
internal sealed class FakeLog(TimeProvider time)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private readonly List<LoggedRevocation> entries = [];
    private readonly List<Channel<string>> streams = [];

    public string Timeline { get; set; } = "t1";

    public long Newest { get; set; }

    /// <summary>The number up to which the log was compacted.</summary>
    public long Compacted { get; set; }

    public TimeSpan MaxTokenAge { get; set; } = RevocationEntry.MaxTokenAge;

    /// <summary>Streams are opened, and then nothing comes: a buffer on the way, or a connection that is dead.</summary>
    public bool IsSilent { get; set; }

    /// <summary>What heartbeats say, when they lie.</summary>
    public string? OldHeartbeat { get; set; }

    public int Streams
    {
        get
        {
            lock (gate) return streams.Count;
        }
    }

    /// <summary>Appends, and tells the streams.</summary>
    public long Append(RevocationEntry entry)
    {
        lock (gate)
        {
            entries.Add(new LoggedRevocation(++Newest, entry));
            SendAll(Frame(entries[^1]));
            return Newest;
        }
    }

    /// <summary>Sends a frame down every open stream.</summary>
    public void SendAll(string frame)
    {
        lock (gate) streams.ForEach(stream => stream.Writer.TryWrite(frame));
    }

    /// <summary>Sends a comment, also where it is silent.</summary>
    public void Comment() => SendAll(": nothing to say\n\n");

    /// <summary>Begins again under another timeline, with nothing in it.</summary>
    public void Restart(string timeline)
    {
        lock (gate)
        {
            entries.Clear();
            (Timeline, Newest) = (timeline, 0);
        }
    }

    public void CutStreams()
    {
        lock (gate) streams.ForEach(stream => stream.Writer.TryComplete());
    }

    public static string Frame(LoggedRevocation entry) => $"id: {entry.Seq}\nevent: entry\ndata: {Json(json => RevocationJson.Write(json, entry))}\n\n";

    public async Task PageAsync(HttpContext http)
    {
        var since = http.Request.Query["since"] is [{ } text] ? long.Parse(text) : (long?)null;
        RevocationPage page;
        lock (gate)
        {
            if (since < Compacted || since > Newest)
            {
                http.Response.StatusCode = 410;
                return;
            }

            page = new RevocationPage(Timeline, since, Newest, Newest, time.GetUtcNow(), [.. entries.Where(entry => entry.Seq > Math.Max(since ?? 0, Compacted))]) { MaxTokenAge = MaxTokenAge };
        }

        await FakeAuthority.JsonAsync(http, Json(json => RevocationJson.Write(json, page)));
    }

    public async Task StreamAsync(HttpContext http)
    {
        var after = long.Parse(http.Request.Headers["Last-Event-ID"]!);
        var mine = Channel.CreateUnbounded<string>();
        lock (gate)
        {
            if (http.Request.Query["timeline"] != Timeline || after > Newest || after < Compacted)
            {
                http.Response.StatusCode = 410;
                return;
            }

            mine.Writer.TryWrite($"event: hello\ndata: {{\"timeline\":\"{Timeline}\",\"seq\":{Newest}}}\n\n");
            foreach (var entry in entries.Where(entry => entry.Seq > after)) mine.Writer.TryWrite(Frame(entry));
            streams.Add(mine);
        }

        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.FlushAsync();
        using var beating = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        _ = BeatAsync(mine, beating.Token);
        try
        {
            await foreach (var frame in mine.Reader.ReadAllAsync(http.RequestAborted))
            {
                if (IsSilent && !frame.StartsWith(':')) continue;
                await http.Response.WriteAsync(frame, http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // the verifier left
        }
        finally
        {
            await beating.CancelAsync();
            lock (gate) streams.Remove(mine);
        }
    }

    private async Task BeatAsync(Channel<string> stream, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            stream.Writer.TryWrite($"event: heartbeat\ndata: {OldHeartbeat ?? $$"""{"timeline":"{{Timeline}}","seq":{{Newest}},"now":"{{time.GetUtcNow():O}}"}"""}\n\n");
            await Task.Delay(Second, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
