using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Authority.InMemory;
using Symbolon.Authority.Ports;
using Symbolon.Mock.Clock;
using Symbolon.Mock.Control;
using Symbolon.Mock.Faults;
using Symbolon.Mock.Log;
using Symbolon.Sessions;

namespace Symbolon.Mock.Hosting;

/// <summary>An application with the engine in it, from its first account to its end. A reset makes the next one.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<IFeatureCollection, byte> underWay = new(ReferenceEqualityComparer.Instance);
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication app;
    private readonly WorldServer server;
    private volatile bool isOver;

    private World(WebApplication app) => (this.app, server) = (app, (WorldServer)app.Services.GetRequiredService<IServer>());

    /// <summary>What is in it.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Makes one that answers.</summary>
    /// <param name="plan">What it is made from.</param>
    /// <param name="era">How many worlds were before. Their access tokens still verify, since keys stay; the engine's era says that they do not count any more.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<World> StartAsync(WorldPlan plan, int era, CancellationToken ct)
    {
        // Empty: no environment variables, no files. What is set for a server beside it must not change a mock.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "symbolon-mock", EnvironmentName = "Mock", ContentRootPath = AppContext.BaseDirectory });
        plan.Logging?.Invoke(builder.Logging);
        WorldServices.Add(builder.Services, plan);
        var built = builder.Build();
        Compose(built, plan);
        var world = new World(built);
        try
        {
            if (era > 0) await BeginEraAsync(built.Services, era, ct);
            await built.Services.GetRequiredService<WorldAccounts>().MakeAsync(plan.Content.Accounts, ct);
            await built.StartAsync(ct);
            return world;
        }
        catch
        {
            await built.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes one request.</summary>
    public WorldRequest Begin(IFeatureCollection features)
    {
        underWay.TryAdd(features, 0);
        var request = server.Begin(features);
        request.OnEnded = () =>
        {
            underWay.TryRemove(features, out _);
            if (isOver && underWay.IsEmpty) drained.TrySetResult();
        };
        return request;
    }

    /// <summary>Ends it: streams are closed, and what is under way is let finish, but not for long.</summary>
    public async ValueTask DisposeAsync()
    {
        isOver = true;
        await app.StopAsync();
        if (underWay.IsEmpty) drained.TrySetResult();
        await Task.WhenAny(drained.Task, Task.Delay(Patience));
        foreach (var features in underWay.Keys) features.Get<IHttpRequestLifetimeFeature>()?.Abort();
        await app.DisposeAsync();
    }

    private static async Task BeginEraAsync(IServiceProvider services, int era, CancellationToken ct)
    {
        var state = services.GetRequiredService<InMemoryState>();
        state.Era = era - 1;
        await services.GetRequiredService<ISubjectStore>().TryRaiseEraAsync(EraChange.Raise(state.Era, by: null, state.Now), ct);
    }

    // In front of routing: what a network does to requests. Behind it: an application as anybody writes it.
    private static void Compose(WebApplication app, WorldPlan plan)
    {
        app.UseMiddleware<ControlGuard>();
        app.UseWhen(http => !ControlGuard.IsControl(http.Request.Path), traffic =>
        {
            traffic.UseMiddleware<LogMiddleware>();
            traffic.UseMiddleware<FaultChoice>(plan.Options.Latency ?? plan.Content.Profile?.Latency ?? MockDelay.None);
        });
        app.UseWhen(Preflights.IsPreflight, preflights => preflights.UseMiddleware<FaultMiddleware>()); // CORS answers them itself: behind it a fault of theirs would never happen
        app.UseCors(WorldServices.CorsPolicyName);
        app.UseMiddleware<FaultMiddleware>();
        app.UseExceptionHandler(MockProblems.OnException);
        app.UseStatusCodePages(MockProblems.OnStatusCode);
        app.UseRouting();
        app.UseMiddleware<RevocationsSeen>();
        app.UseMiddleware<ExpiryMiddleware>();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapSymbolonHealth();
        if (plan.Content.Profile is null)
        {
            app.MapSymbolon("/auth"); // a profile has the paths of its original, and only them
            app.MapSymbolonClient();
        }

        ControlEndpoints.Map(app.MapGroup(MockDefaults.ControlPath));
        foreach (var part in plan.Content.Parts) part.Map(app);
    }
}
