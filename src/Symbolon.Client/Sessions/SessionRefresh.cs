using Symbolon.Client.Authority;
using Symbolon.Client.Stores;
using static Symbolon.Client.Sessions.SessionChange;

namespace Symbolon.Client.Sessions;

/// <summary>One refresh, from the store and back into it: lock → load → attempt → ask → store. Nothing in it is cancelled by a caller.</summary>
/// <remarks>The lock between processes saves work only. What keeps order is the store's compare-and-swap, and the authority's rules (docs/refresh-rotation.md).</remarks>
internal sealed class SessionRefresh(string key, ClientParts parts)
{
    private const int MostTries = 5;
    private readonly TypedStore store = parts.Store;
    private bool isTold;
    private volatile Gone? gone;

    /// <summary>Brings a token that is good enough.</summary>
    /// <param name="held">What this process has.</param>
    /// <param name="isEnough">Whether a token is what the callers need.</param>
    /// <param name="mayAsk">Whether the back-off has passed.</param>
    public async Task<SessionChange> RunAsync(HeldToken? held, Func<HeldToken, bool> isEnough, Func<bool> mayAsk)
    {
        var (change, _) = await LoadAsync(held, isEnough).ConfigureAwait(false);
        if (change is not null and not Kept) return change;
        if (!mayAsk()) return change!;

        var hold = store.Files is { } files ? await files.LockAsync(key, parts.Options.LockTimeout).ConfigureAwait(false) : null;
        try
        {
            if (hold is null && store.Files is not null) parts.Log.LockNotHad(key);
            (change, var stored) = await LoadAsync((change as Kept)?.Token ?? held, isEnough).ConfigureAwait(false);
            return change is Kept { Token: { } token } ? await AskAsync(stored!, token).ConfigureAwait(false) : change!;
        }
        finally
        {
            hold?.Dispose();
        }
    }

    /// <summary>A session has ended, and the store does not know: whatever it says, the session is over here.</summary>
    /// <param name="sessionId">Which.</param>
    /// <param name="ending">How the authority ended it; null when the program signed out.</param>
    public void IsGone(string sessionId, Ending? ending) => gone = new Gone(sessionId, ending);

    // Kept stands for: loaded, and not good enough.
    private async Task<(SessionChange Change, StoredToken? Stored)> LoadAsync(HeldToken? held, Func<HeldToken, bool> isEnough)
    {
        var stored = await store.LoadAsync(key, CancellationToken.None).ConfigureAwait(false);
        if (stored is null || !IsOurs(stored)) return (new Nobody(), null);
        if (stored.IsOver) return (new Over(new Ending(stored.EndCode!, stored.EndReason), IsNews: false), stored);
        if (gone is { } end && end.SessionId == stored.SessionId) return (end.Ending is { } ending ? new Over(ending, IsNews: false) : new Nobody(), stored);
        // What could not be stored is newer than what is.
        var isHeld = held is not null && held.Stored.SessionId == stored.SessionId && (held.Version == stored.TokenVersion || held.Stored.Generation > stored.Generation);
        var token = isHeld ? held! : HeldToken.Loaded(stored, parts.Options, parts.Time);
        return (isEnough(token) ? new Newer(token) : new Kept(null, token), stored);
    }

    private async Task<SessionChange> AskAsync(StoredToken stored, HeldToken token)
    {
        for (var isLast = false; ; isLast = true)
        {
            if (await WithAttemptAsync(stored).ConfigureAwait(false) is not { } begun) return await ReloadAsync(token).ConfigureAwait(false);
            var answer = await parts.Authority.RefreshAsync(begun.RefreshToken, begun.Attempt!, CancellationToken.None).ConfigureAwait(false);
            switch (answer)
            {
                case AuthorityAnswer.Tokens { Response: var tokens }:
                    if (tokens.SessionId != begun.SessionId || tokens.Generation <= begun.Generation)
                        return new Kept(new Failure("The authority's answer is for another session or an older token; it is not stored.", FailureKind.NotSymbolon), token);
                    return await KeepAsync(begun, tokens, token).ConfigureAwait(false);
                case AuthorityAnswer.Refused { Ending: { } ending }:
                    return await EndAsync(begun, ending, token).ConfigureAwait(false);
                case AuthorityAnswer.Refused { IsAskAgain: true } refused:
                    var now = await ReloadAsync(token).ConfigureAwait(false);
                    if (now is not Kept) return now;
                    if (isLast) return new Kept(refused.Failure, token);
                    stored = begun;
                    break;
                case AuthorityAnswer.Refused refused:
                    return new Kept(refused.Failure, token);
                case AuthorityAnswer.Failed failed:
                    return new Kept(failed.Failure, token);
                default:
                    return new Kept(new Failure("The authority answers a refresh without tokens.", FailureKind.NotSymbolon), token);
            }
        }
    }

    /// <summary>Writes down the id of the attempt before it is sent: one for each refresh token, shared by whoever shares the store. Null: what is stored is no longer this token.</summary>
    private async Task<StoredToken?> WithAttemptAsync(StoredToken stored)
    {
        for (var i = 0; i < MostTries; i++)
        {
            if (stored.Attempt is not null) return stored;
            var next = stored with { Attempt = ClientParts.NewAttempt(), Version = stored.Version + 1 };
            if (await store.TrySaveAsync(key, next, stored.Version, CancellationToken.None).ConfigureAwait(false)) return next;
            if (await store.LoadAsync(key, CancellationToken.None).ConfigureAwait(false) is not { IsOver: false } now || !IsSame(now, stored)) return null;
            stored = now;
        }

        throw new TokenStoreException("The token store refuses each write, although nobody else writes. Check that TrySaveAsync compares with the version that LoadAsync returns.");
    }

    // Only if nobody signed out, the session is the same, and its generation is higher than the stored one.
    private async Task<SessionChange> KeepAsync(StoredToken begun, TokenResponse tokens, HeldToken before)
    {
        var stored = begun;
        for (var i = 0; i < MostTries; i++)
        {
            var next = parts.Stored(tokens, Math.Max(stored.Version, before.Version) + 1);
            var token = HeldToken.Received(next, parts.Options, parts.Time);
            try
            {
                if (await store.TrySaveAsync(key, next, stored.Version, CancellationToken.None).ConfigureAwait(false)) return new Refreshed(token);
                if (await store.LoadAsync(key, CancellationToken.None).ConfigureAwait(false) is not { IsOver: false } now || !IsSame(now, begun)) break;
                stored = now;
            }
            catch (TokenStoreException e)
            {
                // The store still has the token before and the attempt's id, so another run is served; this one goes on with what it has.
                parts.Log.NotStored(key, e.Message);
                return new Refreshed(token);
            }
        }

        return await ReloadAsync(before).ConfigureAwait(false);
    }

    // A compare-and-swap too: who signed in meanwhile is not signed out.
    private async Task<SessionChange> EndAsync(StoredToken begun, Ending ending, HeldToken token)
    {
        var over = new StoredToken
        {
            Version = begun.Version + 1, TokenVersion = begun.Version + 1, Authority = begun.Authority, SessionId = begun.SessionId, Generation = begun.Generation, EndCode = ending.Code, EndReason = ending.Reason,
        };
        try
        {
            for (var i = 0; i < MostTries; i++)
            {
                if (await store.TrySaveAsync(key, over, over.Version - 1, CancellationToken.None).ConfigureAwait(false)) break;
                if (await store.LoadAsync(key, CancellationToken.None).ConfigureAwait(false) is not { IsOver: false } now || !IsSame(now, begun))
                    return await ReloadAsync(token).ConfigureAwait(false);
                over = over with { Version = now.Version + 1, TokenVersion = now.Version + 1 };
            }
        }
        catch (TokenStoreException e)
        {
            IsGone(begun.SessionId, ending);
            parts.Log.EndNotStored(key, begun.SessionId, e.Message);
        }

        return new Over(ending, IsNews: true);
    }

    /// <summary>What others have made of it: anything but the token that was known.</summary>
    private async Task<SessionChange> ReloadAsync(HeldToken known) =>
        (await LoadAsync(known, token => token.Version != known.Version).ConfigureAwait(false)).Change;

    private bool IsOurs(StoredToken stored)
    {
        if (parts.IsOurs(stored)) return true;
        if (!isTold) parts.Log.OfAnotherAuthority(key, stored.Authority);
        isTold = true;
        return false;
    }

    private static bool IsSame(StoredToken a, StoredToken b) => a.TokenVersion == b.TokenVersion && a.SessionId == b.SessionId;

    private sealed record Gone(string SessionId, Ending? Ending);
}
