namespace Symbolon.Authority.Ports;

/// <summary>Wakes those who wait for the revocation log, for stores to use: a commit in this process is known at once.</summary>
/// <param name="time">The clock of the waiting.</param>
public sealed class RevocationSignal(TimeProvider time)
{
    private readonly Lock gate = new();
    private TaskCompletionSource next = New();
    private long newest;

    /// <summary>An entry was committed.</summary>
    public void Committed(long seq)
    {
        TaskCompletionSource waiters;
        lock (gate)
        {
            if (seq <= newest) return;
            newest = seq;
            (waiters, next) = (next, New());
        }

        waiters.SetResult();
    }

    /// <summary>Ends once an entry above <paramref name="seq"/> was committed, or after <paramref name="atMost"/>.</summary>
    public async ValueTask WaitAsync(long seq, TimeSpan atMost, CancellationToken ct)
    {
        Task waiting;
        lock (gate)
        {
            if (newest > seq) return;
            waiting = next.Task;
        }

        try
        {
            await waiting.WaitAsync(atMost, time, ct);
        }
        catch (TimeoutException)
        {
            // Whoever waits looks for itself: another process may have appended.
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
