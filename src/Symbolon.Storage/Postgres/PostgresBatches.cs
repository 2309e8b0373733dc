using System.Threading.Channels;
using Npgsql;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>Work of one kind that waits together shares one statement. While one batch is under way the next gathers, so that the batches are as large as the load is high.</summary>
/// <remarks>
/// The queue is bounded: what it cannot take is refused at once, and what has waited for longer than a statement may take is refused when its turn
/// comes, so that a slow database is answered with 503, neither with memory nor with silence. A batch whose connection broke is done once more on
/// another: what is batched is a read, or a conditional write that a second time changes nothing. One that fails of itself is halved until what
/// does not belong to the cause is done.
/// </remarks>
internal abstract class PostgresBatches<TItem, TAnswer>
{
    private readonly PostgresDatabase database;
    private readonly string kind;
    private readonly Channel<Waiting> queue;
    private readonly Lock gate = new();
    private readonly int parallel;
    private int running;

    /// <param name="database">The database.</param>
    /// <param name="kind">The kind of work, for metrics.</param>
    /// <param name="parallel">How many batches are under way at once.</param>
    protected PostgresBatches(PostgresDatabase database, string kind, int parallel)
    {
        (this.database, this.kind, this.parallel) = (database, kind, parallel);
        queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(database.Options.QueueLimit) { AllowSynchronousContinuations = false });
    }

    /// <summary>Does the work with others. The task ends when it is durable.</summary>
    /// <exception cref="StoreUnavailableException">Too many wait, or the database cannot be used. Nothing was changed, or it is not known whether it was.</exception>
    public Task<TAnswer> RunAsync(TItem item, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var waiting = new Waiting(item, database.Time.GetTimestamp(), ct);
        if (!queue.Writer.TryWrite(waiting))
        {
            database.Metrics.Refused();
            throw new StoreUnavailableException($"{database.Options.QueueLimit} {kind} wait for the database already.");
        }

        lock (gate)
        {
            if (running >= parallel) return waiting.Task;
            running++;
        }

        _ = Task.Run(PumpAsync, CancellationToken.None);
        return waiting.Task;
    }

    /// <summary>Does the work of a batch in one round trip; answers in the order of the items.</summary>
    protected abstract Task<TAnswer[]> ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<TItem> items);

    private async Task PumpAsync()
    {
        var batch = new List<Waiting>(database.Options.MaxBatch);
        while (Take(batch))
        {
            await ProcessAsync(batch);
            batch.Clear();
        }
    }

    // Ends the pump and says so under the lock under which the next one begins: nothing is left without one.
    private bool Take(List<Waiting> batch)
    {
        while (true)
        {
            while (batch.Count < database.Options.MaxBatch && queue.Reader.TryRead(out var waiting))
            {
                if (waiting.TryCancel()) continue;
                if (database.Time.GetElapsedTime(waiting.Since) <= database.Options.CommandTimeout) batch.Add(waiting);
                else waiting.TrySetException(database.WaitedTooLong());
            }

            if (batch.Count > 0) return true;
            lock (gate)
            {
                if (queue.Reader.TryPeek(out _)) continue;
                running--;
                return false;
            }
        }
    }

    private async Task ProcessAsync(List<Waiting> batch)
    {
        try
        {
            database.Metrics.Batch(kind, batch.Count);
            var items = batch.ConvertAll(waiting => waiting.Item);
            var answers = await database.RepeatableAsync(connection => ExecuteAsync(connection, items));
            for (var i = 0; i < batch.Count; i++) batch[i].TrySetResult(answers[i]);
        }
        catch (Exception e) when (batch.Count > 1 && e is not (StoreUnavailableException or ObjectDisposedException))
        {
            // A row that cannot be read, a value that cannot be written: the others have nothing to do with it.
            var half = batch.Count / 2;
            await ProcessAsync(batch[..half]);
            await ProcessAsync(batch[half..]);
        }
        catch (Exception e)
        {
            foreach (var waiting in batch) waiting.TrySetException(e);
        }
    }

    // Continuations must not run inside the pump: it has others to serve.
    private sealed class Waiting(TItem item, long since, CancellationToken ct) : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TItem Item => item;

        public long Since => since;

        public bool TryCancel() => ct.IsCancellationRequested && TrySetCanceled(ct);
    }
}
