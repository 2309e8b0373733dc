using Microsoft.Extensions.Hosting;
using Symbolon.AspNetCore;
using Symbolon.Authority.Ports;
using Symbolon.Revocation;

namespace Symbolon.Authority;

/// <summary>What is revoked, for the verifier in the authority's own process: follows the log without HTTP.</summary>
internal sealed class InProcessRevocationFeed(IRevocationLog log, TimeProvider time, AuthorityTelemetry telemetry) : RevocationFeed, IHostedService, IDisposable
{
    // Entries of this process show at once; those of another process on the same store are looked for this often.
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);
    private readonly ViewAge age = new(time);
    private readonly CancellationTokenSource stopping = new();
    private volatile RevocationView view = RevocationView.None;
    private Task following = Task.CompletedTask;

    public override RevocationView View => view;

    public override TimeSpan Age => age.Value;

    /// <summary>The first read happens before the server accepts a request; a store that is not there delays nothing but the view.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await StepAsync(cancellationToken);
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
        while (!ct.IsCancellationRequested)
        {
            await log.WaitAsync(view.Seq, PollEvery, ct);
            await StepAsync(ct);
        }
    }

    private async Task StepAsync(CancellationToken ct)
    {
        try
        {
            while (!await ReadAsync(ct)) { }
        }
        catch (StoreUnavailableException e)
        {
            telemetry.Unavailable(e);
        }
    }

    // False when there is more to read.
    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        var mark = age.Mark();
        var since = view.Timeline is null ? (long?)null : view.Seq;
        var page = await log.ReadAsync(since, RevocationJson.MaxEntries, ct) ?? await log.ReadAsync(since: null, RevocationJson.MaxEntries, ct);
        var (next, take) = view.With(page!);
        if (take == RevocationTake.Resync)
        {
            view = next with { Timeline = null };
            return false;
        }

        view = next with { Denylist = next.Denylist.WithoutPassed(page!.Now) };
        if (page.Entries.Count > 0) OnRevoked(Denylist.Empty.With(page.Entries.Select(logged => logged.Entry!)));
        if (page.Seq < page.Newest) return false;
        age.SetCurrentAt(mark);
        return true;
    }
}
