using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the authentication scheme.</summary>
public static class SymbolonExtensions
{
    /// <summary>Adds the scheme that checks access tokens, under its default name.</summary>
    /// <param name="builder">The application's authentication.</param>
    /// <param name="configure">Sets at least <see cref="SymbolonOptions.Authority"/>, <see cref="SymbolonOptions.Audience"/>, <see cref="SymbolonOptions.ClientId"/> and <see cref="SymbolonOptions.ClientSecret"/>, unless the configuration has them under <c>Authentication:Schemes:Symbolon</c>.</param>
    public static AuthenticationBuilder AddSymbolon(this AuthenticationBuilder builder, Action<SymbolonOptions>? configure = null) =>
        builder.AddSymbolon(SymbolonDefaults.AuthenticationScheme, configure);

    /// <summary>Adds the scheme under another name: one for each authority.</summary>
    /// <param name="builder">The application's authentication.</param>
    /// <param name="authenticationScheme">The name.</param>
    /// <param name="configure">Sets the options, unless the configuration has them under <c>Authentication:Schemes:{name}</c>.</param>
    public static AuthenticationBuilder AddSymbolon(this AuthenticationBuilder builder, string authenticationScheme, Action<SymbolonOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddSources(builder.Services, authenticationScheme);
        return builder.AddScheme<SymbolonOptions, SymbolonHandler>(authenticationScheme, displayName: null, configure);
    }

    private static void AddSources(IServiceCollection services, string scheme)
    {
        var schemes = services.Select(service => service.ImplementationInstance).OfType<SymbolonSchemes>().FirstOrDefault();
        if (schemes is null) services.AddSingleton(schemes = new SymbolonSchemes());
        schemes.Add(scheme);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SymbolonMetrics>();
        services.TryAddSingleton(provider => new LoosestDemand(provider.GetService<EndpointDataSource>()));
        services.TryAddSingleton<SchemeSources>();
        services.TryAddSingleton<OpenConnections>();
        services.TryAddSingleton<SymbolonOptionsValidation>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<SymbolonOptions>, SymbolonConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<SymbolonOptions>, SymbolonPostConfigure>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, RouteCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, WebSocketUpgradeFilter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SymbolonOptions>, SymbolonOptionsValidation>(provider => provider.GetRequiredService<SymbolonOptionsValidation>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SchemeSources>(provider => provider.GetRequiredService<SchemeSources>()));
    }
}
