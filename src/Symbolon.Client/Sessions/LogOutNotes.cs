namespace Symbolon.Client.Sessions;

/// <summary>Which ends of sessions the authority does not know of yet: kept in the store, so that the next run tells them. A few for each session key.</summary>
internal sealed class LogOutNotes(string key, ClientParts parts)
{
    // Not keys that a program can use: control characters are refused there.
    private readonly string[] places = [$"{key}\u001flogout", $"{key}\u001flogout2", $"{key}\u001flogout3", $"{key}\u001flogout4"];

    /// <summary>Adds one; when all places are taken, in the last of them. A store that fails is logged: that nobody is signed in here any more is worth more.</summary>
    public async Task AddAsync(StoredToken session)
    {
        try
        {
            foreach (var place in places)
            {
                var before = await parts.Store.LoadAsync(place, CancellationToken.None).ConfigureAwait(false);
                if (before is not null && before.SessionId != session.SessionId && place != places[^1]) continue;
                // No access token: a log-out shows the refresh token.
                var note = session with { Version = Math.Max(session.Version, (before?.Version ?? 0) + 1), Attempt = null, AccessToken = "-" };
                if (await parts.Store.TrySaveAsync(place, note, before?.Version, CancellationToken.None).ConfigureAwait(false)) return;
            }
        }
        catch (TokenStoreException e)
        {
            parts.Log.EndNotStored(key, session.SessionId, e.Message);
        }
    }

    /// <summary>All that are the configured authority's.</summary>
    public async Task<List<StoredToken>> ReadAsync(CancellationToken ct)
    {
        var sessions = new List<StoredToken>();
        foreach (var place in places)
            if (await parts.Store.LoadAsync(place, ct).ConfigureAwait(false) is { IsOver: false } session && parts.IsOurs(session)) sessions.Add(session);
        return sessions;
    }

    /// <summary>Removes one: the authority knows.</summary>
    public async Task RemoveAsync(StoredToken session)
    {
        foreach (var place in places)
            if (await parts.Store.LoadAsync(place, CancellationToken.None).ConfigureAwait(false) is { } noted && noted.SessionId == session.SessionId)
                await parts.Store.ClearAsync(place, CancellationToken.None).ConfigureAwait(false);
    }
}
