
namespace Symbolon.AspNetCore.Remote;

/// <summary>Acknowledges what is applied, each second (more often where a route's staleness bound is short) and at once when somebody waits for it; the answers prove that the view is current.</summary>
internal sealed class FeedAcknowledger(RemoteRevocationFeed feed, FeedClient client, FeedFollower follower, RemoteContext with)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1), Shortest = TimeSpan.FromMilliseconds(100);
    private readonly string instance = Guid.NewGuid().ToString("n");
    private volatile TaskCompletionSource wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource firstAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isAnswered = true, isBehind;

    /// <summary>Done when the first acknowledgement was answered.</summary>
    public Task FirstAnswered => firstAnswered.Task;

    /// <summary>How often: four times within the shortest staleness bound, so that one answer may be late and none is missed; each second at least, ten times a second at most.</summary>
    public static TimeSpan Every(TimeSpan staleness) => staleness / 4 is var quarter && quarter > Longest ? Longest : quarter < Shortest ? Shortest : quarter;

    /// <summary>Acknowledges without waiting for the next time.</summary>
    public void AcknowledgeSoon() => wanted.TrySetResult();

    /// <summary>Acknowledges until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var signal = wanted.Task;
            using (var passing = CancellationTokenSource.CreateLinkedTokenSource(ct))
            {
                await Task.WhenAny(signal, Task.Delay(Every(with.Options.ShortestStaleness()), with.Time, passing.Token));
                await passing.CancelAsync();
            }

            if (signal.IsCompleted) wanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!ct.IsCancellationRequested && feed.View.Timeline is not null) await TryAsync(ct);
        }
    }

    /// <summary>Tells the authority that this verifier stops. It may not hear it: then it waits a little in vain.</summary>
    public async Task LeaveAsync(CancellationToken ct)
    {
        if (feed.View.Timeline is null) return;
        try
        {
            var (view, _) = feed.Acknowledge();
            await client.AcknowledgeAsync(Of(view, isLeaving: true), ct);
        }
        catch (Exception e)
        {
            with.Log.FeedNotLeft(with.Options.Name, RemoteException.Why(e)); // whatever it is, it must not keep the application from stopping
        }
    }

    private async Task TryAsync(CancellationToken ct)
    {
        try
        {
            await AcknowledgeAsync(ct);
            if (!isAnswered) with.Log.FeedAnswersAgain(with.Options.Name);
            isAnswered = true;
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            // stopping
        }
        catch (Exception e)
        {
            if (isAnswered) with.Log.FeedUnanswered(with.Options.Name, RemoteException.Why(e));
            isAnswered = false;
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        try
        {
            await follower.ReadAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            with.Log.FeedNotRead(with.Options.Name, RemoteException.Why(e)); // acknowledgements are answered: what is missing cannot be had
        }
    }

    private async Task AcknowledgeAsync(CancellationToken ct)
    {
        var (view, mark) = feed.Acknowledge();
        if (view.Timeline is null) return;
        var (timeline, seq) = await client.AcknowledgeAsync(Of(view, isLeaving: false), ct);
        var standing = feed.Answered(view, mark, timeline, seq);
        firstAnswered.TrySetResult();
        if (standing == FeedStanding.Behind && !isBehind) with.Log.FeedBehind(with.Options.Name, view.Seq, seq);
        isBehind = standing == FeedStanding.Behind;
        if (standing == FeedStanding.Behind) await ReadAsync(ct);
        if (standing == FeedStanding.Lost) follower.Interrupt();
    }

    private Acknowledgement Of(Revocation.RevocationView view, bool isLeaving) =>
        new(with.Options.Verifier, instance, view.Timeline!, view.Seq, with.Options.Loosest(), isLeaving);
}
