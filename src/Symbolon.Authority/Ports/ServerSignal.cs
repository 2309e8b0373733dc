namespace Symbolon.Authority.Ports;

/// <summary>Counts questions and answers of receipts that this process writes or hears of, and wakes who waits for the next; for stores to use.</summary>
/// <param name="time">The clock of the waiting.</param>
public sealed class ServerSignal(TimeProvider time)
{
    private readonly Lock gate = new();
    private TaskCompletionSource next = New();
    private long change;

    /// <summary>How many there were. Take it before reading the store.</summary>
    public long Change
    {
        get
        {
            lock (gate) return change;
        }
    }

    /// <summary>There is one more, or there may be. To be called after the commit.</summary>
    public void Changed()
    {
        TaskCompletionSource waiters;
        lock (gate)
        {
            change++;
            (waiters, next) = (next, New());
        }

        waiters.SetResult();
    }

    /// <summary>Ends once there are other than <paramref name="known"/>, or after <paramref name="atMost"/>.</summary>
    public async ValueTask WaitAsync(long known, TimeSpan atMost, CancellationToken ct)
    {
        Task woken;
        lock (gate)
        {
            if (change != known) return;
            woken = next.Task;
        }

        try
        {
            await woken.WaitAsync(atMost, time, ct);
        }
        catch (TimeoutException)
        {
            // Whoever waits looks for itself: another process may have written.
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
