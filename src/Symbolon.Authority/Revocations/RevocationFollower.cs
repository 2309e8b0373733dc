using Microsoft.Extensions.Hosting;
using Symbolon.Authority.Ports;
using Symbolon.Revocation;

namespace Symbolon.Authority;

/// <summary>The one reader of the revocation log in this process. Gives what it reads to the verifier in the process and to all streams of the feed.</summary>
internal sealed class RevocationFollower(
    IRevocationLog log, InProcessRevocationFeed view, RevocationBroadcast broadcast, TimeProvider time, AuthorityTelemetry telemetry) : IHostedService, IDisposable
{
    // Entries of this process show at once; those of another process on the same store are looked for this often. So often streams get a heartbeat, too.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource stopping = new();
    private Task following = Task.CompletedTask;
    private long beatAt;

    /// <summary>The first read happens before the server accepts a request; a store that is not there delays nothing but the view.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await StepAsync(cancellationToken);
        beatAt = time.GetTimestamp();
        following = FollowAsync(stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopping.Dispose();

    private async Task FollowAsync(CancellationToken ct)
    {
        var works = true;
        while (!ct.IsCancellationRequested)
        {
            // Whatever it is, verifiers must not be left alone with it for ever: their views grow old until a later read succeeds.
            try
            {
                await PauseAsync(works, ct);
                works = await StepAsync(ct);
                Beat(works);
            }
            catch (Exception e)
            {
                works = false;
                if (!ct.IsCancellationRequested) Say(e);
            }
        }
    }

    // A log that cannot be read is not asked what is new: it would say "more" without end.
    private async Task PauseAsync(bool works, CancellationToken ct)
    {
        var rest = Every - time.GetElapsedTime(beatAt);
        if (works) await log.WaitAsync(view.View.Seq, rest > TimeSpan.Zero ? rest : TimeSpan.Zero, ct);
        else await Task.Delay(Every, time, ct);
    }

    private void Beat(bool works)
    {
        if (time.GetElapsedTime(beatAt) < Every) return;
        beatAt = time.GetTimestamp();
        if (!works) broadcast.Beat(RevocationFrames.Silence, asOf: null); // a heartbeat would say that nothing is newer
        else broadcast.Beat(RevocationFrames.Heartbeat(view.View.Timeline!, view.View.Seq, view.LogTime), view.CurrentAt);
    }

    private async Task<bool> StepAsync(CancellationToken ct)
    {
        try
        {
            await ReadAsync(ct);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Say(e);
            return false;
        }
    }

    // What does not fit is read once more, from its beginning; what does not fit then is for the next second.
    private async Task ReadAsync(CancellationToken ct)
    {
        for (var isAnew = false; ;)
        {
            var mark = view.Mark();
            var since = view.View.Timeline is null ? (long?)null : view.View.Seq;
            var page = (await log.ReadAsync(since, RevocationJson.MaxEntries, ct) ?? await log.ReadAsync(since: null, RevocationJson.MaxEntries, ct))!;
            var fits = view.Take(page, mark);
            // Streams get the entry before the connections that it ends are ended: verifiers' own are among them.
            if (fits) broadcast.Append(page);
            view.Announce(page);
            if (fits && page.Seq == page.Newest) return;
            if (fits && page.Entries.Count > 0) continue;
            if (isAnew || page.Since is null) throw new InvalidDataException($"The revocation log has a hole or is in disorder above {page.Since ?? 0}. What it holds counts; what it lacks, nobody knows.");
            isAnew = true;
        }
    }

    // Never fails: a disk that is full must not end the following.
    private void Say(Exception why)
    {
        try
        {
            if (why is InvalidDataException) telemetry.LogDamaged(why);
            else telemetry.Unavailable(why);
        }
        catch
        {
            // There is nobody left to be told; health shows how old the view is.
        }
    }
}
