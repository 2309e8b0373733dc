using Symbolon.Authority.Ports;

namespace Symbolon.Storage.Copy;

/// <summary>One end of a copy: the store that is read, in one snapshot, or the one that is written, in one transaction.</summary>
internal abstract class StoreEnd : IAsyncDisposable
{
    /// <summary>Begins a snapshot: what others commit from now on is not seen.</summary>
    public abstract Task BeginReadingAsync(CancellationToken ct);

    /// <summary>Begins the one transaction of the target and keeps everybody else out of it.</summary>
    public abstract Task BeginWritingAsync(CancellationToken ct);

    /// <summary>Ends the transaction; what was not committed has not been.</summary>
    public abstract Task CommitAsync(CancellationToken ct);

    /// <summary>The rows of a table, in the order of its key.</summary>
    public abstract IAsyncEnumerable<object?[]> ReadAsync(StoreTable table, CancellationToken ct);

    /// <summary>Writes rows into a table that is empty; what <see cref="StoreTables.System"/> holds is set.</summary>
    public abstract Task WriteAsync(StoreTable table, IAsyncEnumerable<object?[]> rows, CancellationToken ct);

    /// <summary>Whether a table has a row.</summary>
    public abstract Task<bool> HasRowsAsync(StoreTable table, CancellationToken ct);

    /// <summary>Empties everything but <see cref="StoreTables.System"/>.</summary>
    public abstract Task ClearAsync(CancellationToken ct);

    /// <summary>The stored name of the revocation log's timeline.</summary>
    public abstract Task<string> TimelineAsync(CancellationToken ct);

    public abstract Task SetTimelineAsync(string timeline, CancellationToken ct);

    /// <summary>The days on which there are events, in days since 1970.</summary>
    public abstract Task<IReadOnlyList<long>> EventDaysAsync(CancellationToken ct);

    /// <summary>Makes room for events of these days.</summary>
    public virtual Task PrepareEventDaysAsync(IReadOnlyList<long> days, CancellationToken ct) => Task.CompletedTask;

    /// <summary>The servers that use the store and have not said that they stop, by name.</summary>
    public abstract Task<IReadOnlyList<ServerBeats>> ServersAsync(CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}
