namespace Symbolon.Client;

/// <summary>Keeps the tokens of sessions. Safe for concurrent use, also by several processes where they share it.</summary>
/// <remarks>It may throw what it likes: callers of the client get a <see cref="TokenStoreException"/>. It has to come to an end, since everybody waits for it. Besides a program's keys it is given a few that hold control characters.</remarks>
public interface ITokenStore
{
    /// <summary>What is stored, or <see langword="null"/>.</summary>
    ValueTask<StoredToken?> LoadAsync(string key, CancellationToken ct);

    /// <summary>Stores <paramref name="next"/> if what is stored has this version still: one compare-and-swap, durable when it returns.</summary>
    /// <param name="key">The session's key.</param>
    /// <param name="next">What to store; its version is higher than the expected one.</param>
    /// <param name="expectedVersion"><see cref="StoredToken.Version"/> of what was loaded; <see langword="null"/> when there was nothing.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Whether it was stored. If not, somebody else was quicker: load again.</returns>
    ValueTask<bool> TrySaveAsync(string key, StoredToken next, long? expectedVersion, CancellationToken ct);

    /// <summary>Removes what is stored. Nothing stored is fine.</summary>
    ValueTask ClearAsync(string key, CancellationToken ct);
}
