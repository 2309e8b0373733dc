using Microsoft.Extensions.Logging;
using Npgsql;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>The database: its connections, how many work at once, and what is done again. Every store shares it.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    // Connections kept back: one listens, two notify, and three kinds of batches have two each.
    private const int Reserved = 9;

    // A deadlock or a serialization failure was rolled back for another's sake: the other got on, so trying again does.
    private const int Tries = 5;

    private readonly ILogger log;
    private readonly NpgsqlDataSource source;
    private readonly SemaphoreSlim places;
    private readonly Lock gate = new();
    private int waiting;
    private long distrustedAt = long.MinValue;
    private volatile bool isOut;

    public PostgresDatabase(PostgresOptions options, TimeProvider time, PostgresMetrics metrics, ILogger log)
    {
        (Options, Time, Metrics, this.log) = (options, time, metrics, log);
        (Revoked, Servers) = (new RevocationSignal(time), new ServerSignal(time));
        (Revocations, Receipts) = (new PostgresNotifications(this, PostgresListener.Revocations), new PostgresNotifications(this, PostgresListener.Receipts));
        source = new NpgsqlDataSourceBuilder(options.Complete()).Build();
        places = new SemaphoreSlim(options.MaxConnections - Reserved);
    }

    public PostgresOptions Options { get; }

    public TimeProvider Time { get; }

    public PostgresMetrics Metrics { get; }

    /// <summary>Wakes those who wait for the revocation log.</summary>
    public RevocationSignal Revoked { get; }

    /// <summary>Wakes those who wait for what servers ask and answer each other.</summary>
    public ServerSignal Servers { get; }

    /// <summary>The name under which verifiers know the database's own history, as SQL: the WAL's timeline, which every promotion of a standby and every restore changes; constant where the server has none.</summary>
    public string WalTimeline { get; private set; } = "''";

    private PostgresNotifications Revocations { get; }

    private PostgresNotifications Receipts { get; }

    /// <summary>Brings the schema up to date. To be called once, before anything else.</summary>
    /// <exception cref="StorageStartException">The database cannot be used as it is.</exception>
    public async Task OpenAsync(CancellationToken ct)
    {
        var version = await PostgresSchema.PrepareAsync(source, Options.Migrations, ct);
        WalTimeline = await FindWalTimelineAsync();
        log.PostgresOpened(PostgresOptions.Describe(Options.ConnectionString), version);
    }

    /// <summary>Does something that may be done twice: a read, or a conditional write. When the connection broke it is done once more on another.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be used now.</exception>
    public async Task<T> RepeatableAsync<T>(Func<NpgsqlConnection, Task<T>> work)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return Worked(await OnConnectionAsync(work));
            }
            catch (NpgsqlException failure) when (tries == 1 && failure.IsOfConnection && failure.InnerException is not TimeoutException)
            {
                Metrics.Repeated(failure.SqlState);
            }
            catch (NpgsqlException failure) when (tries < Tries && failure.IsLostToAnother)
            {
                Metrics.Repeated(failure.SqlState);
            }
            catch (NpgsqlException failure) when (failure.IsOutage)
            {
                throw Unavailable(failure);
            }
        }
    }

    /// <summary>Reads, in its turn.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be used now, or too many wait.</exception>
    public ValueTask<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken ct) => InTurnAsync(() => RepeatableAsync(read), ct);

    /// <summary>Changes in one statement, in its turn. May run again after a deadlock or a serialization failure, which have changed nothing.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed, or the connection broke and it is not known.</exception>
    public ValueTask<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> change, CancellationToken ct) => InTurnAsync(() => OnceAsync(change), ct);

    /// <summary>Changes in one transaction, in its turn; a change that does not commit it has changed nothing.</summary>
    /// <exception cref="StoreUnavailableException">As for <see cref="WriteAsync"/>.</exception>
    public ValueTask<T> TransactAsync<T>(Func<NpgsqlConnection, NpgsqlTransaction, Task<T>> change, CancellationToken ct) => WriteAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            return await change(connection, transaction);
        },
        ct);

    /// <summary>Whoever has waited for its turn for as long as a statement may take is told so, and waits no longer.</summary>
    public StoreUnavailableException WaitedTooLong()
    {
        Metrics.Refused();
        return new StoreUnavailableException("The database is too slow for what is asked of it.");
    }

    /// <summary>A connection of its own that is not given back: for listening.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken ct) => source.OpenAsync(ct);

    /// <summary>An entry of the revocation log was committed: tells the waiters of this process at once, and those of others through the database.</summary>
    public void Appended(long seq)
    {
        Revoked.Committed(seq);
        Revocations.Send();
    }

    /// <summary>A question or an answer was committed.</summary>
    public void Said()
    {
        Servers.Changed();
        Receipts.Send();
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        places.Dispose();
    }

    private async Task<T> OnceAsync<T>(Func<NpgsqlConnection, Task<T>> change)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return Worked(await OnConnectionAsync(change));
            }
            catch (NpgsqlException failure) when (tries < Tries && failure.IsLostToAnother)
            {
                Metrics.Repeated(failure.SqlState);
            }
            catch (NpgsqlException failure) when (failure.IsOutage)
            {
                throw Unavailable(failure);
            }
        }
    }

    private async Task<T> OnConnectionAsync<T>(Func<NpgsqlConnection, Task<T>> work)
    {
        var began = Time.GetTimestamp();
        try
        {
            await using var connection = await source.OpenAsync(CancellationToken.None);
            return await work(connection);
        }
        catch (NpgsqlException failure) when (failure.IsOfConnection)
        {
            Distrust(began);
            throw;
        }
    }

    // What broke this connection, or keeps it silent, has most likely done the same to the idle ones: after a failover, or in a firewall that has forgotten
    // them, to all. What began before they were last dropped says nothing of those made since: a slow database is not asked for connections again and again.
    private void Distrust(long began)
    {
        lock (gate)
        {
            if (began < distrustedAt) return;
            distrustedAt = Time.GetTimestamp();
        }

        source.Clear();
    }

    private async ValueTask<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        if (Interlocked.Increment(ref waiting) > Options.QueueLimit)
        {
            Interlocked.Decrement(ref waiting);
            Metrics.Refused();
            throw new StoreUnavailableException($"{Options.QueueLimit} requests wait for the database already.");
        }

        try
        {
            if (!await places.WaitAsync(Options.CommandTimeout, ct)) throw WaitedTooLong();
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }

        try
        {
            return await work();
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<string> FindWalTimelineAsync()
    {
        const string Expression = "substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";
        try
        {
            await using var connection = await source.OpenAsync(CancellationToken.None);
            await connection.Command($"SELECT {Expression}").AnyAsync();
            return Expression;
        }
        catch (PostgresException refused) when (refused.IsNotOffered)
        {
            log.NoWalTimeline(refused.MessageText);
            return "''";
        }
        catch (NpgsqlException failure)
        {
            throw new StorageStartException(PostgresStartErrors.Explain(failure), failure);
        }
    }

    private T Worked<T>(T answer)
    {
        if (!isOut) return answer;
        isOut = false;
        log.DatabaseWorksAgain();
        return answer;
    }

    private StoreUnavailableException Unavailable(NpgsqlException failure)
    {
        if (!isOut) log.DatabaseFails(failure.Text);
        isOut = true;
        return failure.AsUnavailable();
    }
}
