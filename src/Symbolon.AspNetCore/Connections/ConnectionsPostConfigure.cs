using Microsoft.Extensions.Options;

namespace Symbolon.AspNetCore;

/// <summary>Gives a scheme the list of its open connections, once it is known where it learns what is revoked.</summary>
internal sealed class ConnectionsPostConfigure(TimeProvider time) : IPostConfigureOptions<SymbolonOptions>, IDisposable
{
    private readonly Lock gate = new();
    private readonly List<SchemeConnections> all = [];

    public void PostConfigure(string? name, SymbolonOptions options)
    {
        if (options.Check?.Sources is not { } sources) return;
        var connections = options.Connections = new SchemeConnections(sources, options.ClosingGrace, options.TimeProvider ?? time);
        lock (gate) all.Add(connections);
    }

    public void Dispose()
    {
        lock (gate) all.ForEach(connections => connections.Dispose());
    }
}
