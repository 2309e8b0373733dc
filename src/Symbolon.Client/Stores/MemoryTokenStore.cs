namespace Symbolon.Client;

/// <summary>Keeps tokens for as long as the program runs. The default.</summary>
public sealed class MemoryTokenStore : ITokenStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, StoredToken> tokens = [];

    /// <inheritdoc/>
    public ValueTask<StoredToken?> LoadAsync(string key, CancellationToken ct)
    {
        lock (gate) return new(tokens.GetValueOrDefault(key));
    }

    /// <inheritdoc/>
    public ValueTask<bool> TrySaveAsync(string key, StoredToken next, long? expectedVersion, CancellationToken ct)
    {
        lock (gate)
        {
            if (tokens.GetValueOrDefault(key)?.Version != expectedVersion) return new(false);
            tokens[key] = next;
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask ClearAsync(string key, CancellationToken ct)
    {
        lock (gate) tokens.Remove(key);
        return default;
    }
}
