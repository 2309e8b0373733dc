namespace Symbolon.Client.Tests.Support;

/// <summary>A store in memory at which a test stands: each hook is called on the way, and may wait or throw.</summary>
internal sealed class HookedStore : ITokenStore
{
    private readonly MemoryTokenStore inner = new();

    /// <summary>Something is about to be loaded.</summary>
    public Action<string>? Loading { get; set; }

    /// <summary>Something was loaded, and is on its way to who asked.</summary>
    public Func<string, Task>? Loaded { get; set; }

    /// <summary>Something is about to be written.</summary>
    public Action<StoredToken>? Saving { get; set; }

    /// <summary>Something was written, and who asked does not know yet.</summary>
    public Func<StoredToken, Task>? Saved { get; set; }

    /// <summary>Something is about to be removed.</summary>
    public Action<string>? Clearing { get; set; }

    /// <summary>Something was removed, and who asked does not know yet.</summary>
    public Func<string, Task>? Cleared { get; set; }

    public async ValueTask<StoredToken?> LoadAsync(string key, CancellationToken ct)
    {
        Loading?.Invoke(key);
        var token = await inner.LoadAsync(key, ct);
        await (Loaded?.Invoke(key) ?? Task.CompletedTask);
        return token;
    }

    public async ValueTask<bool> TrySaveAsync(string key, StoredToken next, long? expectedVersion, CancellationToken ct)
    {
        Saving?.Invoke(next);
        var isSaved = await inner.TrySaveAsync(key, next, expectedVersion, ct);
        await (Saved?.Invoke(next) ?? Task.CompletedTask);
        return isSaved;
    }

    public async ValueTask ClearAsync(string key, CancellationToken ct)
    {
        Clearing?.Invoke(key);
        await inner.ClearAsync(key, ct);
        await (Cleared?.Invoke(key) ?? Task.CompletedTask);
    }

    /// <summary>The first who has loaded the program's session stands at the gate; all others pass.</summary>
    public Gate HoldFirstLoad()
    {
        var (gate, isFirst) = (new Gate(), 1);
        Loaded = key => key == SymbolonClient.DefaultSessionKey && Interlocked.Exchange(ref isFirst, 0) == 1 ? gate.PassAsync() : Task.CompletedTask;
        return gate;
    }
}
