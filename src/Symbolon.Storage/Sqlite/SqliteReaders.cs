using Microsoft.Data.Sqlite;

namespace Symbolon.Storage;

/// <summary>Connections that only read, kept for the next reader. A read takes microseconds and is done on the caller's thread.</summary>
/// <remarks>As many are open as threads read at the same instant; only a few are kept.</remarks>
internal sealed class SqliteReaders(Func<StoreConnection> open) : IDisposable
{
    private readonly StoreConnection?[] idle = new StoreConnection?[Math.Max(4, Environment.ProcessorCount)];
    private volatile bool closed;

    /// <summary>Reads. What is read in several statements is one snapshot only inside a transaction.</summary>
    public T Read<TState, T>(TState state, Func<StoreConnection, TState, T> read)
    {
        var connection = Rent();
        try
        {
            var answer = read(connection, state);
            Return(connection);
            return answer;
        }
        catch (Exception e)
        {
            connection.Dispose(); // whatever happened to it, a new one has not seen it
            if (e is SqliteException { IsOutage: true } failure) throw failure.AsUnavailable();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        closed = true;
        for (var i = 0; i < idle.Length; i++) Interlocked.Exchange(ref idle[i], null)?.Dispose();
    }

    private StoreConnection Rent()
    {
        for (var i = 0; i < idle.Length; i++)
            if (idle[i] is not null && Interlocked.Exchange(ref idle[i], null) is { } kept) return kept;
        try
        {
            return open();
        }
        catch (SqliteException failure) when (failure.IsOutage)
        {
            throw failure.AsUnavailable();
        }
    }

    private void Return(StoreConnection connection)
    {
        for (var i = 0; i < idle.Length; i++)
        {
            if (idle[i] is not null || Interlocked.CompareExchange(ref idle[i], connection, null) is not null) continue;
            if (closed) Dispose(); // it came back after the others were closed
            return;
        }

        connection.Dispose();
    }
}
