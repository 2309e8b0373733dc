using Microsoft.Extensions.Options;

namespace Symbolon.AspNetCore;

/// <summary>Gives a scheme its check, once its options are known.</summary>
internal sealed class SymbolonPostConfigure(TimeProvider time) : IPostConfigureOptions<SymbolonOptions>
{
    public void PostConfigure(string? name, SymbolonOptions options)
    {
        if (options.Sources is not { } sources) return;
        options.Check = new TokenCheck(options.ToPolicy(), sources, options.RememberedTokens, options.TimeProvider ?? time);
    }
}
