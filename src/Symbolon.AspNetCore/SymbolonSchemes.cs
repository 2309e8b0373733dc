using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore.Remote;

namespace Symbolon.AspNetCore;

/// <summary>The application's schemes by name.</summary>
internal sealed class SymbolonSchemes
{
    private readonly ConcurrentDictionary<string, bool> names = new(StringComparer.Ordinal);

    /// <summary>All names.</summary>
    public IEnumerable<string> Names => names.Keys;

    /// <summary>Adds one.</summary>
    public void Add(string name) => names.TryAdd(name, true);

    /// <summary>Whether there is a scheme of this name.</summary>
    public bool Has(string name) => names.ContainsKey(name);
}

/// <summary>The sources of each scheme whose authority is elsewhere: made once for each name, whatever becomes of its options, and started and stopped with the application.</summary>
internal sealed class SchemeSources(SymbolonSchemes schemes, LoosestDemand loosest, SymbolonMetrics metrics, ILoggerFactory logs, IServiceProvider services) : IHostedService, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<RemoteSources>> made = new(StringComparer.Ordinal);

    /// <summary>The sources of a scheme.</summary>
    /// <param name="name">The scheme.</param>
    /// <param name="options">Its options, looked at only the first time.</param>
    public RemoteSources Of(string name, SymbolonOptions options) => made.GetOrAdd(name, _ => new Lazy<RemoteSources>(() => Make(name, options))).Value;

    /// <summary>Reads all options, which checks them, and starts the sources.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<IOptionsMonitor<SymbolonOptions>>();
        foreach (var name in schemes.Names) _ = options.Get(name);
        await Task.WhenAll(made.Values.Select(sources => sources.Value.StartAsync(cancellationToken)));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(made.Values.Select(sources => sources.Value.StopAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (var sources in made.Values) await sources.Value.DisposeAsync();
    }

    private RemoteSources Make(string name, SymbolonOptions options)
    {
        var root = new Uri(options.Authority!);
        return RemoteSources.Create(
            new RemoteSourcesOptions
            {
                Name = name,
                Issuer = options.Issuer,
                Metadata = RemoteAddress.Below(root, "/.well-known/openid-configuration"),
                JwksUri = options.JwksUri,
                InitialJwks = options.InitialJwks,
                DerivesAlgorithms = options.DeriveKeyAlgorithms,
                AllowsHttp = services.GetService<IHostEnvironment>()?.IsDevelopment() == true,
                Credential = options.IsOffline ? null : new VerifierCredential(options.ClientId!, options.ClientSecret!, options.TokenUri ?? RemoteAddress.Below(root, "/oauth/token")),
                Feed = options.RevocationUri ?? RemoteAddress.Below(root, "/revocations"),
                Introspection = options.IntrospectionUri ?? RemoteAddress.Below(root, "/oauth/introspect"),
                Verifier = options.VerifierName ?? options.ClientId ?? "",
                MaxTokenAge = options.MaxTokenAge,
                ClockSkew = options.ClockSkew,
                Loosest = () => loosest.Of(services.GetRequiredService<IOptionsMonitor<SymbolonOptions>>().Get(name).Demand),
                ShortestStaleness = () => loosest.ShortestOf(services.GetRequiredService<IOptionsMonitor<SymbolonOptions>>().Get(name).Demand),
                Backchannel = options.BackchannelHttpHandler,
            },
            options.TimeProvider ?? services.GetRequiredService<TimeProvider>(), logs, metrics);
    }
}
