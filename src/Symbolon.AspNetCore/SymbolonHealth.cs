using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the schemes' state to the application's health.</summary>
public static class SymbolonHealthExtensions
{
    /// <summary>
    /// Adds a check of every scheme: healthy; degraded when its view of what is revoked is too old and it asks the authority or goes on, or when its keys could not be renewed for 15 minutes; unhealthy when it
    /// has no keys, or refuses because its view is too old.
    /// </summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="tags">Its tags.</param>
    public static IHealthChecksBuilder AddSymbolon(this IHealthChecksBuilder builder, string name = "symbolon", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<SymbolonHealth>();
        return builder.Add(new HealthCheckRegistration(name, provider => provider.GetRequiredService<SymbolonHealth>(), failureStatus: null, tags));
    }
}

/// <summary>How the schemes of the application stand.</summary>
internal sealed class SymbolonHealth(SymbolonSchemes schemes, IOptionsMonitor<SymbolonOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        var all = schemes.Names.Select(name => Of(name, options.Get(name), data)).ToList();
        var worst = all.Count == 0 ? HealthStatus.Healthy : all.Min(one => one.Status); // Unhealthy is the least
        return Task.FromResult(new HealthCheckResult(worst, string.Join(' ', all.Select(one => one.Says)), exception: null, data));
    }

    private static (HealthStatus Status, string Says) Of(string scheme, SymbolonOptions options, Dictionary<string, object> data)
    {
        if (options.Check?.Sources is not { } sources) return (HealthStatus.Unhealthy, $"{scheme}: no sources.");
        var result = SourcesHealth.Of(sources, options.Demand);
        data[$"{scheme}.keys"] = sources.Keys.Current?.Count ?? 0;
        data[$"{scheme}.keys_age_seconds"] = sources.Keys.Age.TotalSeconds;
        if (sources.Feed is { } feed && feed.Age is var age && age != TimeSpan.MaxValue) data[$"{scheme}.view_age_seconds"] = age.TotalSeconds;
        return (result.Status, $"{scheme}: {result.Says}");
    }
}

/// <summary>How the sources of one authority stand.</summary>
internal static class SourcesHealth
{
    // They are renewed every five minutes.
    private static readonly TimeSpan KeysFor = TimeSpan.FromMinutes(15);

    /// <summary>The state, and in words.</summary>
    public static (HealthStatus Status, string Says) Of(TokenCheckSources sources, RouteDemand demand)
    {
        if (sources.Keys.Current is not { Count: > 0 }) return (HealthStatus.Unhealthy, "no verification keys yet; every token is answered 503.");
        var (status, says) = OfView(sources, demand);
        if (sources.Keys.Age <= KeysFor) return (status, says);
        return (status < HealthStatus.Degraded ? status : HealthStatus.Degraded, $"the issuer's keys could not be renewed for {sources.Keys.Age.TotalMinutes:0} minutes; {says}");
    }

    private static (HealthStatus Status, string Says) OfView(TokenCheckSources sources, RouteDemand demand)
    {
        if (demand.Mode == SymbolonMode.Offline && sources.Feed is null) return (HealthStatus.Healthy, "keys are known; tokens count until they expire.");
        if (sources.Feed is { } feed && feed.Age <= demand.MaxStaleness) return (HealthStatus.Healthy, "keys are known, what is revoked is current.");
        return demand.WhenStale switch
        {
            WhenStale.Allow => (HealthStatus.Degraded, "what is revoked is not current; revoked tokens may pass until they expire."),
            WhenStale.Ask => (HealthStatus.Degraded, "what is revoked is not current; the authority is asked about each token."),
            _ => (HealthStatus.Unhealthy, "what is revoked is not current; every token is answered 503."),
        };
    }
}
