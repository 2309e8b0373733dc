using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the authentication scheme.</summary>
public static class SymbolonExtensions
{
    /// <summary>Adds the scheme that checks access tokens, under its default name.</summary>
    public static AuthenticationBuilder AddSymbolon(this AuthenticationBuilder builder, Action<SymbolonOptions>? configure = null)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<SymbolonOptions>, SymbolonPostConfigure>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<SymbolonOptions>, ConnectionsPostConfigure>()); // after the one that gives the sources
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, WebSocketUpgradeFilter>());
        return builder.AddScheme<SymbolonOptions, SymbolonHandler>(SymbolonDefaults.AuthenticationScheme, displayName: null, configure);
    }
}
