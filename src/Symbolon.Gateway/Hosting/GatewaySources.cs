using Symbolon.AspNetCore;
using Symbolon.AspNetCore.Remote;
using Symbolon.Gateway.Rules;

namespace Symbolon.Gateway.Hosting;

/// <summary>The issuer's keys and, where they are configured, its feed and live answers: started before the gateway listens, and stopped with it.</summary>
internal sealed class GatewaySources : IHostedService, IAsyncDisposable
{
    /// <summary>How logs and metrics call them.</summary>
    public const string Name = "gateway";

    private readonly RemoteSources remote;

    public GatewaySources(GatewayOptions options, RulesFile rules, SymbolonMetrics metrics, TimeProvider time, ILoggerFactory logs, IHostEnvironment environment) =>
        remote = RemoteSources.Create(Settings(options, rules, environment.IsDevelopment()), time, logs, metrics);

    /// <summary>What a check needs.</summary>
    public TokenCheckSources Sources => remote.Sources;

    public Task StartAsync(CancellationToken cancellationToken) => remote.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => remote.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => remote.DisposeAsync();

    private static RemoteSourcesOptions Settings(GatewayOptions options, RulesFile rules, bool isDevelopment)
    {
        var jwks = options.JwksUri is { } uri ? new Uri(uri) : null;
        var feed = options.Feed;
        var settings = new RemoteSourcesOptions
        {
            Name = Name,
            Issuer = options.Issuer,
            Metadata = jwks ?? RemoteAddress.Below(new Uri(options.Issuer), "/.well-known/openid-configuration"),
            JwksUri = jwks,
            DerivesAlgorithms = true, // large issuers leave it out
            AllowsHttp = isDevelopment,
            Verifier = feed.ClientId ?? "",
            MaxTokenAge = options.MaxTokenAge,
            ClockSkew = options.ClockSkew,
            Loosest = () => rules.Rules.Loosest(options.Demand),
            ShortestStaleness = () => rules.Rules.ShortestStaleness(options.Demand),
        };
        if ((feed.Url ?? feed.IntrospectionUrl) is not { } asked) return settings;
        var origin = new Uri(new Uri(asked).GetLeftPart(UriPartial.Authority));
        return settings with
        {
            Credential = new VerifierCredential(feed.ClientId!, feed.ClientSecret!, Or(feed.TokenUrl, "/oauth/token")),
            Feed = feed.Url is { } url ? new Uri(url) : null,
            Introspection = Or(feed.IntrospectionUrl, "/oauth/introspect"),
        };

        Uri Or(string? configured, string path) => configured is null ? new Uri(origin, path) : new Uri(configured);
    }
}
