using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Symbolon.Mock.Hosting;

/// <summary>The server of a <see cref="World"/>: it listens nowhere. What comes in at <see cref="Listener"/> is handed over to it.</summary>
internal sealed class WorldServer : IServer
{
    private Func<IFeatureCollection, WorldRequest>? begin;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
    {
        begin = features => new Request<TContext>(application, application.CreateContext(features), features);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
    }

    /// <summary>Takes one request.</summary>
    public WorldRequest Begin(IFeatureCollection features) => (begin ?? throw new InvalidOperationException("The world has not started."))(features);

    private sealed class Request<TContext>(IHttpApplication<TContext> application, TContext context, IFeatureCollection features) : WorldRequest(features) where TContext : notnull
    {
        public override Task ProcessAsync() => application.ProcessRequestAsync(context);

        public override void End(Exception? exception)
        {
            application.DisposeContext(context, exception);
            OnEnded?.Invoke();
        }
    }
}

/// <summary>A request that a world answers, until the last byte of its answer has left.</summary>
internal abstract class WorldRequest(IFeatureCollection features)
{
    /// <summary>The request and its answer.</summary>
    public IFeatureCollection Features => features;

    /// <summary>Called at its end.</summary>
    public Action? OnEnded { protected get; set; }

    /// <summary>Answers it.</summary>
    public abstract Task ProcessAsync();

    /// <summary>It was answered.</summary>
    public abstract void End(Exception? exception);
}
