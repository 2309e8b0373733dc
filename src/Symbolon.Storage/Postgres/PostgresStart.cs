using Microsoft.Extensions.Hosting;

namespace Symbolon.Storage;

/// <summary>Opens the database before anything else starts; one that cannot be used stops the start with a message. Then makes room for events, and listens for what other servers revoke.</summary>
internal sealed class PostgresStart(PostgresDatabase database, PostgresListener listener, PostgresEventPartitions partitions) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await database.OpenAsync(cancellationToken);
        await partitions.MakeAheadAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.Start();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
