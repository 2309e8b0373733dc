using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.Client;
using Symbolon.Client.Authority;
using Symbolon.Client.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the client of an authority to a program.</summary>
public static class SymbolonClientExtensions
{
    /// <summary>Adds <see cref="SymbolonClient"/> and, for programs with one session, <see cref="ISymbolonSession"/>.</summary>
    public static SymbolonClientBuilder AddSymbolonClient(this IServiceCollection services, Action<SymbolonClientOptions> configure)
    {
        services.AddOptions<SymbolonClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SymbolonClientOptions>, SymbolonClientOptionsValidation>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SymbolonTokenOptions>, SymbolonTokenOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITokenStore, MemoryTokenStore>();
        services.AddHttpClient(SymbolonClientDefaults.HttpClientName)
            .ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => AuthorityHttp.Handler(provider.GetRequiredService<IOptions<SymbolonClientOptions>>().Value));
        services.TryAddSingleton(provider =>
        {
            var factory = provider.GetRequiredService<IHttpClientFactory>();
            return new SymbolonClient(
                provider.GetRequiredService<IOptions<SymbolonClientOptions>>().Value, provider.GetRequiredService<ITokenStore>(), () => factory.CreateClient(SymbolonClientDefaults.HttpClientName),
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>(), provider.GetService<IMeterFactory>());
        });
        services.TryAddSingleton(provider => provider.GetRequiredService<SymbolonClient>().Session);
        return new SymbolonClientBuilder(services);
    }

    /// <summary>Puts the session's token on this client's requests, to the hosts that are allowed.</summary>
    public static IHttpClientBuilder AddSymbolonToken(this IHttpClientBuilder builder, Action<SymbolonTokenOptions>? configure = null) =>
        builder.AddSymbolonToken((_, options) => configure?.Invoke(options));

    /// <summary>The same, with the program's services at hand: such as for a session key that comes from the current HTTP request.</summary>
    public static IHttpClientBuilder AddSymbolonToken(this IHttpClientBuilder builder, Action<IServiceProvider, SymbolonTokenOptions> configure)
    {
        builder.Services.AddOptions<SymbolonTokenOptions>(builder.Name).Configure<IServiceProvider>((options, provider) => configure(provider, options)).ValidateOnStart();
        builder.ConfigurePrimaryHttpMessageHandler((handler, provider) =>
            LoopbackProxy.Guard(handler, new AllowedHosts(provider.GetRequiredService<SymbolonClient>().Options.Authority!, OptionsOf(provider).AllowedHosts)));
        return builder.AddHttpMessageHandler(provider => provider.GetRequiredService<SymbolonClient>().Handler(OptionsOf(provider)));

        SymbolonTokenOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<SymbolonTokenOptions>>().Get(builder.Name);
    }
}

/// <summary>Completes the client: where tokens are kept.</summary>
public sealed class SymbolonClientBuilder
{
    internal SymbolonClientBuilder(IServiceCollection services) => Services = services;

    /// <summary>The program's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Keeps tokens in this store instead of in memory.</summary>
    /// <typeparam name="T">The store, such as <see cref="FileTokenStore"/>.</typeparam>
    public SymbolonClientBuilder UseTokenStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>() where T : class, ITokenStore
    {
        Services.Replace(ServiceDescriptor.Singleton<ITokenStore, T>());
        return this;
    }

    /// <summary>Keeps tokens in files.</summary>
    public SymbolonClientBuilder UseFileTokenStore(Action<FileTokenStoreOptions> configure)
    {
        Services.Configure(configure);
        return UseTokenStore<FileTokenStore>();
    }
}
