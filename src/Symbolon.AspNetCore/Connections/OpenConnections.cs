using Microsoft.Extensions.Logging;

namespace Symbolon.AspNetCore;

/// <summary>The lists of open connections, one for each scheme and its sources, however often options are made for it; ends their timers with the application.</summary>
internal sealed class OpenConnections(ILoggerFactory logs) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Scheme, TokenCheckSources Sources, TimeProvider Time), SchemeConnections> all = [];

    public int Count
    {
        get
        {
            lock (gate) return all.Count;
        }
    }

    public SchemeConnections Of(string scheme, TokenCheckSources sources, TimeProvider time)
    {
        lock (gate)
        {
            if (all.TryGetValue((scheme, sources, time), out var known)) return known;
            return all[(scheme, sources, time)] = new SchemeConnections(scheme, sources, time, logs.CreateLogger("Symbolon.AspNetCore"));
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var connections in all.Values) connections.Dispose();
        }
    }
}
