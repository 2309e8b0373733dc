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
            var rest = Every - time.GetElapsedTime(beatAt);
            if (rest < TimeSpan.Zero) rest = TimeSpan.Zero;
            // A log that cannot be read is not asked what is new: it would say "more" without end.
            if (works) await log.WaitAsync(view.View.Seq, rest, ct);
            else await Task.Delay(Every, time, ct);
            works = await StepAsync(ct);
            if (time.GetElapsedTime(beatAt) < Every) continue;
            beatAt = time.GetTimestamp();
            if (!works) broadcast.Beat(RevocationFrames.Silence); // a heartbeat would say that nothing is newer
            else broadcast.Beat(RevocationFrames.Heartbeat(view.View.Timeline!, view.View.Seq, view.LogTime));
        }
    }

    private async Task<bool> StepAsync(CancellationToken ct)
    {
        try
        {
            while (!await ReadAsync(ct)) { }
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Whatever it is, verifiers must not be left alone with it for ever: their views grow old until a later read succeeds.
            telemetry.Unavailable(e);
            return false;
        }
    }

    // False when there is more to read.
    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        var mark = view.Mark();
        var since = view.View.Timeline is null ? (long?)null : view.View.Seq;
        var page = await log.ReadAsync(since, RevocationJson.MaxEntries, ct) ?? await log.ReadAsync(since: null, RevocationJson.MaxEntries, ct);
        if (!view.Take(page!, mark)) return false;
        // Streams get the entry before the connections that it ends are ended: verifiers' own are among them.
        broadcast.Append(page!);
        view.Announce(page!);
        return page!.Seq == page.Newest;
    }
}
