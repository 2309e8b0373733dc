using Microsoft.AspNetCore.Authentication;
using Symbolon.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the authentication scheme.</summary>
public static class SymbolonExtensions
{
    /// <summary>Adds the scheme that checks access tokens, under its default name. A <see cref="VerificationKeySource"/> must be registered; the authority in process registers one.</summary>
    public static AuthenticationBuilder AddSymbolon(this AuthenticationBuilder builder, Action<SymbolonOptions>? configure = null) =>
        builder.AddScheme<SymbolonOptions, SymbolonHandler>(SymbolonDefaults.AuthenticationScheme, displayName: null, configure);
}
