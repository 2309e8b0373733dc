using Symbolon.Authority.Ports;

namespace Symbolon.Authority.InMemory;

/// <summary>The servers in memory: there is one, unless a test has several share a store.</summary>
internal sealed class InMemoryServerRegistry(InMemoryState state) : IServerRegistry
{
    public ValueTask BeatAsync(string server, TimeSpan promise, CancellationToken ct)
    {
        lock (state.Gate)
        {
            state.Servers[server] = state.Servers.GetValueOrDefault(server) + 1;
            var whole = TimeSpan.FromMilliseconds(Math.Ceiling(promise.TotalMilliseconds));
            if (whole > state.LongestPromise) state.LongestPromise = whole;
        }

        return default;
    }

    public ValueTask StopAsync(string server, CancellationToken ct)
    {
        lock (state.Gate)
            if (state.Servers.ContainsKey(server)) state.Servers[server] = 0;
        return default;
    }

    public ValueTask<ServerFacts> ReadAsync(CancellationToken ct)
    {
        lock (state.Gate) return new(new ServerFacts([.. state.Servers.Select(one => new ServerBeats(one.Key, one.Value))], state.LongestPromise));
    }

    public ValueTask DropAsync(ServerBeats server, CancellationToken ct)
    {
        lock (state.Gate)
            if (state.Servers.TryGetValue(server.Server, out var beats) && beats == server.Beats) state.Servers.Remove(server.Server);
        return default;
    }
}
