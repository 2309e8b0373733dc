using Microsoft.AspNetCore.Authentication;
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
        return builder.AddScheme<SymbolonOptions, SymbolonHandler>(SymbolonDefaults.AuthenticationScheme, displayName: null, configure);
    }
}
