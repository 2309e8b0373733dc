using Symbolon.Client.Authority;

namespace Symbolon.Client.Sessions;

/// <summary>How a session leaves the store, or gives way to a new one, and how the authority learns of it: at once if it can be reached, else as soon as it can, also in the next run.</summary>
internal sealed class LogOuts(string key, ClientParts parts, CancellationToken stopping)
{
    private const int MostTries = 5, MostTellings = 10_000;
    private readonly LogOutNotes notes = new(key, parts);
    private readonly Lock gate = new();
    private Task? resumed;

    /// <summary>Stores a new session in the place of whatever is there.</summary>
    /// <returns>What is stored, and the session that it replaced, of which the authority is to be told.</returns>
    public async Task<(StoredToken Next, StoredToken? Before)> ReplaceAsync(TokenResponse tokens, CancellationToken ct)
    {
        try
        {
            await ResumeAsync().ConfigureAwait(false);
            var (next, before) = await ReplaceAsync(tokens).ConfigureAwait(false);
            var isOver = before is null or { IsOver: true } || before.SessionId == next.SessionId || !parts.IsOurs(before);
            if (!isOver) await notes.AddAsync(before!).ConfigureAwait(false);
            return (next, isOver ? null : before);
        }
        catch (TokenStoreException)
        {
            await TellAsync(parts.Stored(tokens, version: 1), ct).ConfigureAwait(false); // nobody could ever use it
            throw;
        }
    }

    /// <summary>Takes the session out of the store, and notes that the authority is to be told.</summary>
    /// <param name="held">The session that this process knows of: told of when the store does not answer.</param>
    /// <returns>The session, or null when there was none; and what keeps it in the store.</returns>
    public async Task<(StoredToken? Session, TokenStoreException? Failed)> ForgetAsync(StoredToken? held)
    {
        await ResumeAsync().ConfigureAwait(false);
        var (session, failed) = (held, (TokenStoreException?)null);
        try
        {
            session = await parts.Store.LoadAsync(key, CancellationToken.None).ConfigureAwait(false);
            if (session is not null && !parts.IsOurs(session)) return (null, null); // another authority's, and its program's
        }
        catch (TokenStoreException e)
        {
            failed = e;
        }

        if (session is { IsOver: true }) session = null;
        if (session is not null) await notes.AddAsync(session).ConfigureAwait(false);
        try
        {
            await parts.Store.ClearAsync(key, CancellationToken.None).ConfigureAwait(false);
            return (session, session is null ? failed : null);
        }
        catch (TokenStoreException e)
        {
            return (session, e);
        }
    }

    /// <summary>Tells the authority. Whoever waits does so for the first try; the others are made in the background.</summary>
    /// <param name="token">The session.</param>
    /// <param name="ct">Ends the waiting alone.</param>
    public async Task TellAsync(StoredToken token, CancellationToken ct)
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Background.Run(() => TellUntilKnownAsync(token, first));
        await first.Task.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>The same without waiting.</summary>
    public void TellInBackground(StoredToken token) => _ = Background.Run(() => TellUntilKnownAsync(token, first: null));

    /// <summary>Goes on with what the run before could not tell, once.</summary>
    /// <returns>Its notes are read; whoever adds one waits for that, or it would be told twice.</returns>
    public Task ResumeAsync()
    {
        lock (gate) return resumed ??= Background.Run(TellWhatIsNotedAsync);
    }

    private async Task<bool> TellWhatIsNotedAsync()
    {
        try
        {
            foreach (var session in await notes.ReadAsync(stopping).ConfigureAwait(false)) TellInBackground(session);
            return true;
        }
        catch (Exception e) when (e is TokenStoreException or OperationCanceledException)
        {
            return false; // whoever uses the session is told
        }
    }

    private async Task<bool> TellUntilKnownAsync(StoredToken token, TaskCompletionSource? first)
    {
        var backOff = new BackOff(parts.Options.BackOffFirst, parts.Options.BackOffLimit, parts.Time);
        try
        {
            for (var i = 0; i < MostTellings; i++)
            {
                if (await TellOnceAsync(token).ConfigureAwait(false)) return true;
                first?.TrySetResult();
                await Task.Delay(backOff.Failed(null), parts.Time, stopping).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or TokenStoreException)
        {
            // the program ends, or its note cannot be removed; the next run goes on
        }
        finally
        {
            first?.TrySetResult();
        }

        return false;
    }

    private async Task<bool> TellOnceAsync(StoredToken token)
    {
        var answer = await parts.Authority.LogoutAsync(token.RefreshToken, stopping).ConfigureAwait(false);
        if (answer is AuthorityAnswer.Failed || answer is AuthorityAnswer.Refused { IsPassing: true })
        {
            parts.Log.LogoutNotTold(key, token.SessionId);
            return false;
        }

        await notes.RemoveAsync(token).ConfigureAwait(false);
        return true;
    }

    private async Task<(StoredToken Next, StoredToken? Before)> ReplaceAsync(TokenResponse tokens)
    {
        for (var i = 0; i < MostTries; i++)
        {
            var before = await parts.Store.LoadAsync(key, CancellationToken.None).ConfigureAwait(false);
            // From one session to the next the version grows as well, also where nothing was left of the one before.
            var next = parts.Stored(tokens, Math.Max(parts.Time.GetUtcNow().ToUnixTimeMilliseconds(), (before?.Version ?? 0) + 1));
            if (await parts.Store.TrySaveAsync(key, next, before?.Version, CancellationToken.None).ConfigureAwait(false)) return (next, before);
        }

        throw new TokenStoreException("The token store refuses each write of the new session. Check that TrySaveAsync compares with the version that LoadAsync returns.");
    }
}
