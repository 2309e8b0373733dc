namespace Symbolon.Authority.Ports;

/// <summary>
/// The servers that use one store, so that each knows whether all verifiers speak to it; and the longest that any verifier has ever promised to go on without a word, which a server must know that
/// starts anew. Written every few seconds, never by a request.
/// </summary>
public interface IServerRegistry
{
    /// <summary>The server lives: its number of beats grows by one, or begins with 1. The longest promise grows where this one is longer.</summary>
    /// <param name="server">Its name, new at each start.</param>
    /// <param name="promise">The longest promise that it has heard of.</param>
    /// <param name="ct">Cancels.</param>
    ValueTask BeatAsync(string server, TimeSpan promise, CancellationToken ct);

    /// <summary>The server stops: its number of beats becomes 0.</summary>
    ValueTask StopAsync(string server, CancellationToken ct);

    /// <summary>All servers that were not dropped, and the longest promise, in one read of the primary.</summary>
    ValueTask<ServerFacts> ReadAsync(CancellationToken ct);

    /// <summary>Drops a server that has been silent for long, where it is still at that number of beats.</summary>
    ValueTask DropAsync(ServerBeats server, CancellationToken ct);
}

/// <summary>What one read tells about the servers.</summary>
/// <param name="Servers">The servers.</param>
/// <param name="LongestPromise">The longest promise, in whole milliseconds; zero when there was none.</param>
public sealed record ServerFacts(IReadOnlyList<ServerBeats> Servers, TimeSpan LongestPromise);

/// <summary>A server and its number of beats. The number changes while it lives, so that no clock is compared with another's; 0 when it has stopped.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Beats">The number.</param>
public readonly record struct ServerBeats(string Server, long Beats);
