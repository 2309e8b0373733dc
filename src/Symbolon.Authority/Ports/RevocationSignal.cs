namespace Symbolon.Authority.Ports;

/// <summary>Wakes the reader of the revocation log, for stores to use: what this process commits or hears of is known at once.</summary>
/// <param name="time">The clock of the waiting.</param>
/// <remarks>
/// Whoever is woken reads the log, and so is never woken twice for one cause: numbers go back when a server is promoted that lacks the last commits, and a number
/// of the timeline before must not wake for ever. A second reader may therefore learn of something only after its <c>atMost</c>.
/// </remarks>
public sealed class RevocationSignal(TimeProvider time)
{
    private readonly Lock gate = new();
    private TaskCompletionSource next = New();
    private int waiting;
    private long newest; // the highest number that was committed and that nobody was told of at once
    private bool isNews;

    /// <summary>An entry was committed by this process. Numbers may come in any order.</summary>
    public void Committed(long seq)
    {
        lock (gate) newest = Math.Max(newest, seq);
        Wake(isNumbered: true);
    }

    /// <summary>Something may be in the log, of whatever number: another process says so, or what would have said so was out of reach for a while.</summary>
    public void Notified() => Wake(isNumbered: false);

    /// <summary>Ends once an entry above <paramref name="seq"/> was committed or there may be one, or after <paramref name="atMost"/>.</summary>
    public async ValueTask WaitAsync(long seq, TimeSpan atMost, CancellationToken ct)
    {
        Task woken;
        lock (gate)
        {
            if (isNews || newest > seq)
            {
                (isNews, newest) = (false, 0);
                return;
            }

            waiting++;
            woken = next.Task;
        }

        try
        {
            await woken.WaitAsync(atMost, time, ct);
        }
        catch (TimeoutException)
        {
            // Whoever waits looks for itself: another process may have appended.
        }
        finally
        {
            lock (gate) waiting--;
        }
    }

    private void Wake(bool isNumbered)
    {
        TaskCompletionSource waiters;
        lock (gate)
        {
            // Whoever waits now reads after this; who reads now may have begun before it, and is told when it comes back.
            isNews |= !isNumbered && waiting == 0;
            (waiters, next) = (next, New());
        }

        waiters.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
