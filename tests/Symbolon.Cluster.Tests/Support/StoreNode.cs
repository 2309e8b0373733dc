using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Authority.Ports;
using Symbolon.Storage;

namespace Symbolon.Cluster.Support;

/// <summary>What one authority has of the storage: its own connections, batches and listener, without the authority.</summary>
internal sealed class StoreNode : IAsyncDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener meters = new();
    private readonly PostgresDatabase database;
    private readonly PostgresListener listener;
    private long repeats;

    private StoreNode(PostgresOptions options)
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        meters.InstrumentPublished = (instrument, all) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name == "symbolon.storage.repeats") all.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref repeats, count));
        meters.Start();
        database = new PostgresDatabase(options, TimeProvider.System, new PostgresMetrics(factory), NullLogger.Instance);
        listener = new PostgresListener(database, TimeProvider.System, NullLogger.Instance);
        Sessions = new PostgresSessionStore(database);
    }

    /// <summary>How many transactions were done again: <c>symbolon.storage.repeats</c>.</summary>
    public long Repeats => Interlocked.Read(ref repeats);

    public ISessionStore Sessions { get; }

    public ISubjectStore Subjects => new PostgresSubjectStore(database);

    public IRevocationLog Log => new PostgresRevocationLog(database, listener);

    /// <summary>Opens one; the first on a database makes its schema.</summary>
    public static async Task<StoreNode> OpenAsync(string connectionString)
    {
        var node = new StoreNode(new PostgresOptions { ConnectionString = connectionString, CommandTimeout = TimeSpan.FromSeconds(30) });
        await node.database.OpenAsync(default);
        node.listener.Start();
        return node;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        await database.DisposeAsync();
        meters.Dispose();
        await services.DisposeAsync();
    }
}
