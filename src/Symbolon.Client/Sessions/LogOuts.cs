using Symbolon.Client.Authority;

namespace Symbolon.Client.Sessions;

/// <summary>How a session leaves the store, or gives way to a new one, and how the authority learns of it: at once if it can be reached, else as soon as it can, also in the next run.</summary>
internal sealed class LogOuts(string key, ClientParts parts, CancellationToken stopping)
{
    // Not a key that a program can use: control characters are refused there.
    private readonly string pendingKey = $"{key}\u001flogout";
    private const int MostTries = 5, MostTellings = 10_000;
    private int resumed;

    /// <summary>Stores a new session in the place of whatever is there.</summary>
    public async Task<(StoredToken Next, StoredToken? Before)> ReplaceAsync(TokenResponse tokens)
    {
        for (var i = 0; i < MostTries; i++)
        {
            var before = await parts.Store.LoadAsync(key, CancellationToken.None).ConfigureAwait(false);
            // From one session to the next the version grows as well, also where nothing was left of the one before.
            var version = Math.Max(parts.Time.GetUtcNow().ToUnixTimeMilliseconds(), (before?.Version ?? 0) + 1);
            var next = ClientParts.Stored(tokens, version, parts.Time);
            if (await parts.Store.TrySaveAsync(key, next, before?.Version, CancellationToken.None).ConfigureAwait(false)) return (next, before);
        }

        throw new TokenStoreException("The token store refuses each write of the new session. Check that TrySaveAsync compares with the version that LoadAsync returns.");
    }

    /// <summary>Takes the session out of the store, and notes that the authority is to be told.</summary>
    /// <returns>The session, or null when there was none.</returns>
    public async Task<StoredToken?> ForgetAsync()
    {
        var stored = await parts.Store.LoadAsync(key, CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (stored is { IsOver: false }) await NoteAsync(stored).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            parts.Log.NotStored(key, e.GetType().Name); // that nobody is signed in here any more is worth more
        }

        await parts.Store.ClearAsync(key, CancellationToken.None).ConfigureAwait(false);
        return stored is { IsOver: false } ? stored : null;
    }

    /// <summary>Tells the authority, and goes on in the background if it does not answer.</summary>
    public async Task TellAsync(StoredToken token, CancellationToken ct)
    {
        var telling = Background.Run(() => TellOnceAsync(token));
        var isKnown = await telling.WaitAsync(ct).ConfigureAwait(false);
        if (!isKnown) TellInBackground(token);
    }

    /// <summary>The same without waiting.</summary>
    public void TellInBackground(StoredToken token) => _ = Background.Run(() => TellUntilKnownAsync(token));

    /// <summary>Goes on with what the run before could not tell.</summary>
    public void Resume()
    {
        if (Interlocked.Exchange(ref resumed, 1) == 0) _ = Background.Run(ResumeAsync);
    }

    private async Task<bool> ResumeAsync()
    {
        try
        {
            return await parts.Store.LoadAsync(pendingKey, stopping).ConfigureAwait(false) is not { IsOver: false } pending || await TellUntilKnownAsync(pending).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false; // the store fails: whoever uses the session is told
        }
    }

    private async Task<bool> TellUntilKnownAsync(StoredToken token)
    {
        var backOff = new BackOff(parts.Options.BackOffFirst, parts.Options.BackOffLimit, parts.Time);
        try
        {
            for (var i = 0; i < MostTellings; i++)
            {
                if (await TellOnceAsync(token).ConfigureAwait(false)) return true;
                await Task.Delay(backOff.Failed(null), parts.Time, stopping).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or TokenStoreException)
        {
            // the program ends, or its store fails; the next run goes on
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

        await ForgetNoteAsync(token).ConfigureAwait(false);
        return true;
    }

    private async Task NoteAsync(StoredToken stored)
    {
        var before = await parts.Store.LoadAsync(pendingKey, CancellationToken.None).ConfigureAwait(false);
        await parts.Store.TrySaveAsync(pendingKey, stored with { Version = Math.Max(stored.Version, (before?.Version ?? 0) + 1), Attempt = null, AccessToken = "-" }, before?.Version, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task ForgetNoteAsync(StoredToken token)
    {
        if (await parts.Store.LoadAsync(pendingKey, CancellationToken.None).ConfigureAwait(false) is { } pending && pending.SessionId == token.SessionId)
            await parts.Store.ClearAsync(pendingKey, CancellationToken.None).ConfigureAwait(false);
    }
}
