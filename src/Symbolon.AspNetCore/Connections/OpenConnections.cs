namespace Symbolon.AspNetCore;

/// <summary>Makes the list of a scheme's open connections, and ends its timers with the application. Changed options get a new list; connections that were opened before stay watched by theirs.</summary>
internal sealed class OpenConnections : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<SchemeConnections> all = [];

    public SchemeConnections Of(TokenCheckSources sources, TimeSpan grace, TimeProvider time)
    {
        var connections = new SchemeConnections(sources, grace, time);
        lock (gate) all.Add(connections);
        return connections;
    }

    public void Dispose()
    {
        lock (gate) all.ForEach(connections => connections.Dispose());
    }
}
