using System.Text;
using System.Text.Json;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore.Remote;

/// <summary>Follows the feed: a snapshot when one is needed, then the stream, and again from the start of this sentence when it ends.</summary>
internal sealed class FeedFollower(RemoteRevocationFeed feed, FeedClient client, RemoteContext with) : IDisposable
{
    // The authority sends a heartbeat each second. A connection that is dead and does not know brings none.
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(3), WorksAfter = TimeSpan.FromSeconds(2);
    private const int MostSnapshots = 2;
    private readonly TaskCompletionSource firstEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BackOff backOff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2), with.Time);
    private readonly SemaphoreSlim reading = new(1);
    private readonly Lock gate = new();
    private CancellationTokenSource? streaming;
    private bool isFollowing;
    private string? interruption;

    /// <summary>Somebody waits for this verifier's acknowledgement.</summary>
    public Action ReceiptWanted { get; set; } = () => { };

    /// <summary>Done when following was interrupted for the first time.</summary>
    public Task FirstInterrupted => firstEnded.Task;

    /// <summary>Follows until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var why = "it ended";
            try
            {
                if (feed.View.Timeline is null)
                {
                    await ReadAsync(ct);
                    ReceiptWanted(); // what was read can be proven current at once
                }

                await StreamAsync(ct);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                why = $"nothing came for {SilentFor.TotalSeconds:0} seconds, or a snapshot is needed";
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                why = RemoteException.Why(e);
            }

            firstEnded.TrySetResult();
            Interrupted(why);
            await backOff.WaitAsync(ct);
        }
    }

    /// <summary>Reads what is missing, a snapshot where one is needed. One at a time.</summary>
    public async Task ReadAsync(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            var snapshots = 0;
            do
            {
                // Somebody between may answer with an old snapshot, again and again: that takes the pauses of an interruption.
                if (feed.View.Timeline is null && ++snapshots > MostSnapshots) throw new FormatException("What follows the snapshot is not in the log any more.");
            }
            while (await ReadPageAsync(ct));
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>Gives up the stream, to begin with a snapshot.</summary>
    public void Interrupt()
    {
        lock (gate) _ = streaming?.CancelAsync(); // not here: what it ends may want the lock
    }

    public void Dispose() => reading.Dispose();

    // True when there is more to read.
    private async Task<bool> ReadPageAsync(CancellationToken ct)
    {
        var view = feed.View;
        var since = view.Timeline is null ? (long?)null : view.Seq;
        var page = await client.ReadAsync(since, ct);
        if (page is null)
        {
            feed.Lose("the log is compacted");
            return since is not null ? true : throw new FormatException("The feed has no snapshot.");
        }

        if (!feed.Take(page, view.Seq)) throw new FormatException("The page does not fit what is known.");
        if (page.Seq < page.Newest && page.Entries.Count == 0) throw new FormatException("The page is empty, and yet there is more.");
        return page.Seq < page.Newest;
    }

    private async Task StreamAsync(CancellationToken ct)
    {
        var (view, openedAt) = (feed.View, with.Time.GetTimestamp());
        if (view.Timeline is not { } timeline) return;
        using var silence = new CancellationTokenSource(SilentFor, with.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, ct);
        lock (gate) streaming = ends;
        try
        {
            using var response = await client.OpenAsync(timeline, view.Seq, ends.Token);
            if (response is null)
            {
                feed.Lose("the log is compacted, or another");
                return;
            }

            await using var stream = await response.Content.ReadAsStreamAsync(ends.Token);
            await foreach (var happened in EventStream.ReadAsync(stream, ends.Token))
            {
                silence.CancelAfter(SilentFor);
                if (!Take(happened, timeline)) return;
                if (with.Time.GetElapsedTime(openedAt) >= WorksAfter) backOff.Reset();
            }
        }
        finally
        {
            lock (gate) streaming = null;
        }
    }

    // False when the stream is of no more use.
    private bool Take(StreamEvent happened, string timeline)
    {
        if (feed.View.Timeline is null) return false;
        switch (happened.Kind)
        {
            case "entry":
                return feed.Take(RevocationJson.ReadEntry(Encoding.UTF8.GetBytes(happened.Data)), timeline);
            case "receipt":
                ReceiptWanted();
                return true;
            case "hello" or "heartbeat":
                Hear(happened, timeline);
                return true;
            case "resync":
                feed.Lose("this verifier was too slow for the stream");
                return false;
            default:
                return true; // of a later version; what it may revoke is in the log as well
        }
    }

    // Says that the stream lives, and what the authority's clock was; whether anything is current, only an acknowledgement's answer says.
    private void Hear(StreamEvent happened, string timeline)
    {
        using var json = RemoteJson.Object(Encoding.UTF8.GetBytes(happened.Data));
        if (json?.RootElement.Text("timeline") is not { } named) throw new FormatException($"The stream's {happened.Kind} names no timeline.");
        if (named != timeline) ReceiptWanted();
        if (json.RootElement.TryGetProperty("now", out var now) && now.ValueKind is JsonValueKind.String && now.TryGetDateTimeOffset(out var instant)) feed.Hear(instant);
        if (isFollowing) return;
        isFollowing = true;
        interruption = null;
        with.Log.FeedFollowed(with.Options.Name, feed.View.Seq);
    }

    // Said once for each reason, not with each attempt.
    private void Interrupted(string why)
    {
        if (isFollowing || why != interruption) with.Log.FeedInterrupted(with.Options.Name, why);
        (isFollowing, interruption) = (false, why);
    }
}
