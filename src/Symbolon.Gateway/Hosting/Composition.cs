using Microsoft.AspNetCore.Http.Features;
using Symbolon.AspNetCore;
using Symbolon.Gateway.Requests;
using Symbolon.Gateway.Rules;

namespace Symbolon.Gateway.Hosting;

/// <summary>The composition root: everything the gateway is made of, in one place.</summary>
internal static class Composition
{
    /// <summary>The address without any configuration.</summary>
    public const string DefaultAddress = "http://localhost:5090";

    private const int RememberedTokens = 32_768;

    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports"];

    /// <summary>Runs it.</summary>
    public static async Task RunAsync(string[] args)
    {
        await using var app = Build(args);
        await app.RunAsync();
    }

    /// <summary>Puts it together.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="sources">Where keys, revocations and live answers come from; null for what the configuration says.</param>
    /// <exception cref="GatewayStartException">It cannot start as it is configured.</exception>
    public static WebApplication Build(string[] args, TokenCheckSources? sources = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        Listen(builder);
        KeepQueriesOutOfLogs(builder.Logging);
        Failure.KeepTracesOutOfTheStart(builder.Logging);
        var options = Options(builder);

        var services = builder.Services;
        services.AddMetrics();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => LoadRules(options, provider));
        services.AddHostedService<RulesWatch>();
        services.AddSingleton<SymbolonMetrics>();
        if (sources is not null) services.AddSingleton(sources);
        else AddSources(services);
        services.AddSingleton(provider => new TokenCheck(Policy(options), provider.GetRequiredService<TokenCheckSources>(), RememberedTokens, provider.GetRequiredService<TimeProvider>())
        {
            Telemetry = (GatewaySources.Name, provider.GetRequiredService<SymbolonMetrics>()),
        });
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<Verify>();
        services.AddSingleton<Health>();

        var app = builder.Build();
        var (verify, health) = (app.Services.GetRequiredService<Verify>(), app.Services.GetRequiredService<Health>());
        app.Lifetime.ApplicationStarted.Register(Failure.StartIsOver);
        app.Run(http => AnswerAsync(http, verify, health));
        return app;
    }

    private static void AddSources(IServiceCollection services)
    {
        services.AddSingleton<GatewaySources>();
        services.AddHostedService(provider => provider.GetRequiredService<GatewaySources>());
        services.AddSingleton(provider => provider.GetRequiredService<GatewaySources>().Sources);
    }

    // By the target as it came, not by the framework's path: that has its dot segments resolved, so /verify/../health/live would be health, and Envoy would let it pass.
    private static Task AnswerAsync(HttpContext http, Verify verify, Health health)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (OriginalRequestReader.IsVerify(target)) return verify.AnswerAsync(http);
        return target switch
        {
            Health.Live => Health.AnswerLiveAsync(http),
            Health.Ready => health.AnswerReadyAsync(http),
            _ => GatewayProblems.NotFound.ExecuteAsync(http),
        };
    }

    private static GatewayOptions Options(WebApplicationBuilder builder)
    {
        GatewayOptions options;
        try
        {
            options = builder.Configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new GatewayOptions();
        }
        catch (InvalidOperationException e)
        {
            throw new GatewayStartException($"The configuration cannot be read: {Readable(e.Message)} docs/gateway.md lists all settings and what they take.");
        }

        if (GatewayOptionsValidation.Check(options, builder.Environment.IsDevelopment()) is { Count: > 0 } failures) throw new GatewayStartException(failures);
        return options;
    }

    // The binder says which option of itself led to this; who reads it looks for the setting.
    private static string Readable(string message) =>
        message.Contains(nameof(BinderOptions.ErrorOnUnknownConfiguration), StringComparison.Ordinal)
            ? $"there is no setting {message[(message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]}{(message.Contains(nameof(GatewayFeedOptions), StringComparison.Ordinal) ? " in Gateway:Feed." : " in Gateway.")}"
            : message;

    private static RulesFile LoadRules(GatewayOptions options, IServiceProvider services) => RulesFile.Load(
        Path.GetFullPath(options.Rules ?? "rules.yaml"), options.Rules is not null, options.Ability, services.GetRequiredService<ILoggerFactory>().CreateLogger("Symbolon.Gateway"));

    private static Access.AccessTokenPolicy Policy(GatewayOptions options)
    {
        var policy = new Access.AccessTokenPolicy { Issuer = options.Issuer, Audiences = [options.Audience], ClockSkew = options.ClockSkew, MaxTokenAge = options.MaxTokenAge };
        if (options.Types is { Count: > 0 } types) policy = policy with { Types = [.. types] };
        if (options.Algorithms is { Count: > 0 } algorithms) policy = policy with { Algorithms = [.. algorithms] };
        return options.RequiredClaims is { Count: > 0 } claims ? policy with { RequiredClaims = [.. claims] } : policy;
    }

    private static void Listen(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (!AddressKeys.Any(key => !string.IsNullOrEmpty(configuration[key])) && !configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            builder.WebHost.UseUrls(DefaultAddress);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // More than proxies let through: what the proxy accepted must not fail here only for its size.
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
        });
    }

    // The framework logs each request's target at Information, and Envoy's holds the client's query.
    private static void KeepQueriesOutOfLogs(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
    }
}
