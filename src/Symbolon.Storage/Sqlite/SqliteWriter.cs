using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>The one thread that changes the database, over the one connection that may. Changes that wait together share a transaction.</summary>
/// <remarks>
/// SQLite has one writer at a time whatever one does; a queue in front of it costs less than waiting for its lock, and lets one flush to the
/// disk serve many callers. The queue is bounded: what it cannot take is refused at once, so that a slow disk is answered with 503, not with memory.
/// </remarks>
internal sealed class SqliteWriter : IDisposable
{
    private static readonly Sql Begin = new("BEGIN IMMEDIATE"), Commit = new("COMMIT");

    private readonly SqliteOptions options;
    private readonly Func<StoreConnection> open;
    private readonly RevocationSignal revoked;
    private readonly ILogger log;
    private readonly Queue<SqliteWork> queue = new();
    private readonly Thread thread;
    private StoreConnection? connection;
    private bool closing;
    private SqliteException? outage;

    public SqliteWriter(SqliteOptions options, Func<StoreConnection> open, RevocationSignal revoked, ILogger log)
    {
        (this.options, this.open, this.revoked, this.log) = (options, open, revoked, log);
        thread = new Thread(Work) { Name = "Symbolon SQLite writer", IsBackground = true };
        thread.Start();
    }

    /// <summary>Takes a change. The task ends after its commit is durable.</summary>
    /// <exception cref="StoreUnavailableException">The queue is full, or the writer is closing.</exception>
    public Task<T> Enqueue<T>(Func<StoreConnection, T> change, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var work = new SqliteWork<T>(change, ct);
        lock (queue)
        {
            if (closing) throw new StoreUnavailableException("The database is being closed.");
            if (queue.Count >= options.QueueLimit) throw new StoreUnavailableException($"{options.QueueLimit} changes wait for the database already.");
            queue.Enqueue(work);
            if (queue.Count == 1) Monitor.Pulse(queue);
        }

        return work.Task;
    }

    /// <summary>Finishes what was accepted, then ends the thread.</summary>
    public void Dispose()
    {
        lock (queue)
        {
            closing = true;
            Monitor.Pulse(queue);
        }

        thread.Join();
    }

    private void Work()
    {
        var batch = new List<SqliteWork>(options.MaxBatch);
        while (Take(batch))
        {
            Process(batch);
            batch.Clear();
        }

        connection?.Dispose();
    }

    private bool Take(List<SqliteWork> batch)
    {
        lock (queue)
        {
            while (queue.Count == 0 && !closing) Monitor.Wait(queue);
            while (batch.Count < options.MaxBatch && queue.TryDequeue(out var work)) batch.Add(work);
        }

        return batch.Count > 0;
    }

    private void Process(List<SqliteWork> batch)
    {
        batch.RemoveAll(work => work.TryCancel());
        if (batch.Count == 0 || TryCommit(batch)) return;

        // One of them threw: each runs again in a transaction of its own, so that it fails alone.
        for (var at = 0; at < batch.Count; at++)
        {
            var before = outage;
            TryCommit([batch[at]]);
            if (outage is not { IsBusy: true } || outage == before) continue; // what this one met counts, not what was met before
            Fail(batch[(at + 1)..], outage); // waited for the lock once: not again for each
            return;
        }
    }

    // False when a change of several threw; then nothing was changed, and none of their tasks has ended.
    private bool TryCommit(List<SqliteWork> batch)
    {
        var running = false;
        try
        {
            connection ??= open();
            connection.AppendedRevocation = null;
            connection.Use(Begin).Run();
            running = true;
            foreach (var work in batch) work.Run(connection);
            running = false;
            connection.Use(Commit).Run();
        }
        catch (Exception e)
        {
            Abandon(e);
            if (running && batch.Count > 1) return false;
            Fail(batch, e);
            return true;
        }

        if (connection.AppendedRevocation is { } seq) revoked.Committed(seq);
        foreach (var work in batch) work.Succeed();
        if (outage is not null) log.DatabaseWorksAgain();
        outage = null;
        return true;
    }

    private void Fail(List<SqliteWork> batch, Exception cause)
    {
        if (cause is not SqliteException { IsOutage: true } failure)
        {
            foreach (var work in batch) work.Fail(cause);
            return;
        }

        if (outage is null) log.DatabaseFails(failure.Message);
        outage = failure;
        var unavailable = failure.AsUnavailable();
        foreach (var work in batch) work.Fail(unavailable);
        lock (queue)
            while (closing && queue.TryDequeue(out var left)) left.Fail(unavailable); // nobody should wait for a lock to shut down
    }

    private void Abandon(Exception cause)
    {
        try
        {
            connection?.RollBack();
            if (cause is not SqliteException { IsOfConnection: true }) return;
        }
        catch (SqliteException e)
        {
            log.RollBackFailed(e.Message);
        }

        connection?.Dispose();
        connection = null; // the next batch opens another
    }
}
