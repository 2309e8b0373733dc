using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>The database: one writer, some readers, one clock. Every store shares it.</summary>
internal sealed class SqliteDatabase(SqliteOptions options, TimeProvider time, ILogger? logger = null) : IDisposable
{
    // The log is folded into the file when it has 8000 pages (16 MiB): a longer one would be searched longer by each read and read longer
    // after a crash. The writer keeps 64 MiB of pages. fullfsync matters on macOS alone, where a plain fsync may stay in the drive.
    private const string Writing = "PRAGMA synchronous=FULL; PRAGMA fullfsync=ON; PRAGMA wal_autocheckpoint=8000; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY";
    private const string Reading = "PRAGMA query_only=ON";

    private readonly ILogger log = logger ?? NullLogger.Instance;
    private readonly string file = Path.GetFullPath(options.DataSource);
    private SqliteWriter? writer;
    private SqliteReaders? readers;
    private bool disposed;

    /// <summary>Wakes those who wait for the revocation log.</summary>
    public RevocationSignal Revoked { get; } = new(time);

    /// <summary>Wakes those who wait for questions and answers of receipts.</summary>
    public ServerSignal Servers { get; } = new(time);

    /// <summary>The store's clock, in whole milliseconds as instants are stored.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Makes the file when there is none, brings its schema up to date, and starts. To be called once, before anything else.</summary>
    /// <exception cref="StorageStartException">It cannot be used as it is.</exception>
    public void Open()
    {
        if (writer is not null) return;
        var version = SqliteSchema.Prepare(file);
        readers = new SqliteReaders(() => Connect(Reading));
        writer = new SqliteWriter(options, () => Connect(Writing), Revoked, log);
        log.DatabaseOpened(file, version);
    }

    /// <summary>Changes in a transaction, shared with others; the task ends when it is durable. <paramref name="change"/> may run twice.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed.</exception>
    public ValueTask<T> WriteAsync<T>(Func<StoreConnection, T> change, CancellationToken ct) => new(Opened(writer).Enqueue(change, ct));

    /// <summary>Reads what is committed, on this thread.</summary>
    public T Read<TState, T>(TState state, Func<StoreConnection, TState, T> read) => Opened(readers).Read(state, read);

    /// <summary>Finishes what was accepted, then closes the file.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        readers?.Dispose();
        writer?.Dispose(); // the last connection folds the write-ahead log into the file
    }

    private T Opened<T>(T? part) where T : class =>
        disposed ? throw new StoreUnavailableException("The database is closed.") : part ?? throw new InvalidOperationException("The database is not open yet.");

    // Never makes a file: one that has vanished is an outage, not a fresh start.
    private StoreConnection Connect(string settings)
    {
        var connection = new StoreConnection(file, create: false, options.BusyTimeout);
        try
        {
            connection.Execute(settings);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
