using Microsoft.Data.Sqlite;
using Npgsql;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage.Copy;

/// <summary>Copies a whole store into another: the source is one snapshot, the target one transaction, committed only when all that was written was read back alike.</summary>
/// <param name="time">By which silent servers are told from living ones.</param>
internal sealed class StoreCopy(TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>A server that uses the source is no obstacle: what it changes after the beginning is not copied.</summary>
    public bool IsOnline { get; init; }

    /// <summary>What the target holds is deleted, whatever it is.</summary>
    public bool Replaces { get; init; }

    /// <summary>How long a server that has not said that it stops must be silent until it counts as dead. It writes every three seconds.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Called when the snapshot stands and the target is held: whatever happens now, happens meanwhile.</summary>
    public Action Copying { get; init; } = static () => { };

    /// <summary>Copies. What the report says is in the target, unless it names a difference: then, as after every failure, the target is as it was.</summary>
    /// <exception cref="StorageStartException">It cannot be done. The target is as it was.</exception>
    public async Task<StoreCopyReport> RunAsync(StoreAddress from, StoreAddress to, CancellationToken ct)
    {
        try
        {
            await using var source = await from.OpenSourceAsync(ct);
            var servers = await QuietServersAsync(source, "source", "Stop it; or copy with --online, as a rehearsal: what changes meanwhile is missing in the copy.", IsOnline, ct);
            await using var target = await to.OpenTargetAsync(ct);
            await QuietServersAsync(target, "target", "Stop it.", isAllowed: false, ct);
            await source.BeginReadingAsync(ct);
            var timeline = await source.TimelineAsync(ct);
            if (timeline == await target.TimelineAsync(ct)) throw new StorageStartException("Source and target are the same store, or one is a backup of the other. Give another target.");
            await target.BeginWritingAsync(ct);
            Copying();
            return await CopyAsync(source, timeline, target, servers, ct);
        }
        catch (SqliteException e)
        {
            throw Failed(e.Message, e);
        }
        catch (NpgsqlException e)
        {
            throw Failed(e.SqlState == PostgresErrorCodes.InsufficientPrivilege ? $"{e.Text}. The target's user must own its tables" : e.Text, e);
        }
        catch (OperationCanceledException e)
        {
            throw Failed("it was interrupted", e);
        }
    }

    private async Task<StoreCopyReport> CopyAsync(StoreEnd source, string timeline, StoreEnd target, IReadOnlyList<ServerBeats> servers, CancellationToken ct)
    {
        await RequireFreeAsync(target, timeline, ct);
        await target.ClearAsync(ct);
        await target.PrepareEventDaysAsync(await source.EventDaysAsync(ct), ct);
        var read = new List<TableSum>();
        foreach (var table in StoreTables.All)
        {
            using var sum = new TableSumming();
            await target.WriteAsync(table, Summed(source.ReadAsync(table, ct), sum), ct);
            read.Add(sum.End());
        }

        var report = new StoreCopyReport([.. StoreTables.All.Zip(read, await SumsAsync(target, ct)).Select(one => new CopiedTable(one.First.Name, one.Second, one.Third))]);
        if (report.Differences.Any()) return report;
        await target.SetTimelineAsync(CopyMark.New(timeline, read), ct);
        await source.CommitAsync(ct); // the snapshot ends: what is asked now is answered as of now
        if (!IsOnline && !servers.SequenceEqual(await source.ServersAsync(ct))) throw new StorageStartException("A server has started on the source during the copy. Stop it, and copy again. The target is as it was.");
        await CommitAsync(target, ct);
        return report;
    }

    private static async Task CommitAsync(StoreEnd target, CancellationToken ct)
    {
        try
        {
            await target.CommitAsync(ct);
        }
        catch (Exception e) when (e is SqliteException or NpgsqlException)
        {
            throw new StorageStartException("The target went away during the commit, and it is not known whether it holds the copy. Run the same command again: either way it may.", e);
        }
    }

    // An empty store has nothing to lose, nor has an untouched copy of the same source.
    private async Task RequireFreeAsync(StoreEnd target, string sourceTimeline, CancellationToken ct)
    {
        if (Replaces) return;
        var filled = new List<string>();
        foreach (var table in StoreTables.Plain)
            if (await target.HasRowsAsync(table, ct)) filled.Add(table.Name);
        if (filled.Count == 0 || CopyMark.Proves(await target.TimelineAsync(ct), sourceTimeline, await SumsAsync(target, ct))) return;
        throw new StorageStartException(
            $"The target holds something else than an untouched copy of this source (rows in {string.Join(", ", filled)}). Give an empty one; or copy with --replace, which deletes what it holds.");
    }

    private static async Task<List<TableSum>> SumsAsync(StoreEnd end, CancellationToken ct)
    {
        var sums = new List<TableSum>();
        foreach (var table in StoreTables.All)
        {
            using var sum = new TableSumming();
            await foreach (var row in end.ReadAsync(table, ct)) sum.Add(row);
            sums.Add(sum.End());
        }

        return sums;
    }

    private static async IAsyncEnumerable<object?[]> Summed(IAsyncEnumerable<object?[]> rows, TableSumming sum)
    {
        await foreach (var row in rows)
        {
            sum.Add(row);
            yield return row;
        }
    }

    // Whose number changes lives; whose does not change for long has died without a word.
    private async Task<IReadOnlyList<ServerBeats>> QuietServersAsync(StoreEnd end, string name, string advice, bool isAllowed, CancellationToken ct)
    {
        var before = await end.ServersAsync(ct);
        if (isAllowed || before.Count == 0) return before;
        for (var since = time.GetTimestamp(); time.GetElapsedTime(since) < Silence;)
        {
            await Task.Delay(Look, time, ct);
            if (!before.SequenceEqual(await end.ServersAsync(ct))) throw new StorageStartException($"A server uses the {name}. {advice}");
        }

        return before;
    }

    private static StorageStartException Failed(string why, Exception inner) => new($"The copy has failed: {why}. The target is as it was.", inner);
}

/// <summary>What was copied, table by table.</summary>
internal sealed record StoreCopyReport(IReadOnlyList<CopiedTable> Tables)
{
    /// <summary>The tables that did not arrive as they were. With any of them, nothing was changed.</summary>
    public IEnumerable<CopiedTable> Differences => Tables.Where(table => table.Source != table.Target);
}

/// <summary>A table as it was read from the source, and as it was read back from the target.</summary>
internal sealed record CopiedTable(string Name, TableSum Source, TableSum Target);
