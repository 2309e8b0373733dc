namespace Symbolon.Client.Stores;

/// <summary>The program's store as the client uses it: whatever it throws is told as <see cref="TokenStoreException"/>, so that a store of one's own need not know of it.</summary>
internal sealed class TypedStore(ITokenStore inner) : ITokenStore
{
    /// <summary>The store of files, which has a lock between processes as well; null for all others.</summary>
    public FileTokenStore? Files => inner as FileTokenStore;

    public async ValueTask<StoredToken?> LoadAsync(string key, CancellationToken ct)
    {
        try
        {
            return await inner.LoadAsync(key, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (IsUntyped(e, ct))
        {
            throw Typed(e);
        }
    }

    public async ValueTask<bool> TrySaveAsync(string key, StoredToken next, long? expectedVersion, CancellationToken ct)
    {
        try
        {
            return await inner.TrySaveAsync(key, next, expectedVersion, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (IsUntyped(e, ct))
        {
            throw Typed(e);
        }
    }

    public async ValueTask ClearAsync(string key, CancellationToken ct)
    {
        try
        {
            await inner.ClearAsync(key, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (IsUntyped(e, ct))
        {
            throw Typed(e);
        }
    }

    private static bool IsUntyped(Exception e, CancellationToken ct) =>
        e is not TokenStoreException and not OutOfMemoryException && !(e is OperationCanceledException && ct.IsCancellationRequested);

    // Its message may say anything.
    private static TokenStoreException Typed(Exception e) => new($"The token store fails: {e.GetType().Name}.", e);
}
