using Microsoft.Extensions.Options;

namespace Symbolon.AspNetCore;

/// <summary>Gives a scheme its check, once its options are known and passed.</summary>
/// <remarks>A new check for new options, so no remembered token outlives them; the sources below it stay, and so does the list of open connections. Options are made often: for each scope that reads a snapshot.</remarks>
internal sealed class SymbolonPostConfigure(
    TimeProvider time, SymbolonSchemes schemes, SchemeSources remote, OpenConnections connections, SymbolonMetrics metrics, SymbolonOptionsValidation validation)
    : IPostConfigureOptions<SymbolonOptions>
{
    public void PostConfigure(string? name, SymbolonOptions options)
    {
        if (name is null || (options.Sources is null && !schemes.Has(name))) return;
        if (options.Issuer.Length == 0) options.Issuer = options.Authority ?? "";
        if (validation.Validate(name, options).Failed) return; // said by the validation that follows
        var sources = options.Sources ?? remote.Of(name, options).Sources;
        options.Check = new TokenCheck(options.ToPolicy(), sources, options.RememberedTokens, options.TimeProvider ?? time) { Telemetry = (name, metrics) };
        options.Connections = connections.Of(name, sources, options.TimeProvider ?? time);
    }
}
