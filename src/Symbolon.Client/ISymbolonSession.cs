namespace Symbolon.Client;

/// <summary>One user's session: there is one for each session key, and any number of calls may use it at once.</summary>
/// <remarks>Whoever waits may stop waiting; the refresh that is waited for goes on for the others.</remarks>
public interface ISymbolonSession
{
    /// <summary>An access token that works now, refreshed first when it is due. <see langword="null"/> when nobody is signed in.</summary>
    /// <param name="minTtl">How long it should live at least; by default until <see cref="SymbolonClientOptions.RefreshAhead"/> before its expiry. A token in the first fifth of its life is always good enough.</param>
    /// <param name="ct">Ends the waiting of this caller alone.</param>
    /// <exception cref="SignedOutException">The authority has ended the session, and nobody has signed in since.</exception>
    /// <exception cref="SymbolonUnavailableException">The token has expired and cannot be refreshed now. The session goes on.</exception>
    /// <exception cref="TokenStoreException">The store fails, and no token is at hand that is still valid.</exception>
    ValueTask<AccessToken?> GetTokenAsync(TimeSpan? minTtl = null, CancellationToken ct = default);

    /// <summary>Exchanges the refresh token, once for everybody who asks meanwhile. Never throws on a failure of the network or the authority.</summary>
    /// <param name="ifVersion"><see cref="AccessToken.Version"/> of the token that was refused: nothing happens if another one is current by now. <see langword="null"/>: the current one, whichever.</param>
    /// <param name="ct">Ends the waiting of this caller alone.</param>
    ValueTask<RefreshOutcome> RefreshAsync(long? ifVersion = null, CancellationToken ct = default);

    /// <summary>Signs in with user name and password, or registers with a <see cref="RegisterRequest"/>. A session that was there before is ended.</summary>
    /// <exception cref="LoginRefusedException">The authority refuses; <see cref="LoginRefusedException.Code"/> says why.</exception>
    /// <exception cref="SymbolonUnavailableException">The authority does not answer; <see cref="NotSymbolonException"/> when what answers is something else.</exception>
    /// <exception cref="TokenStoreException">The session cannot be stored; it has been ended at the authority.</exception>
    Task<Session> LoginAsync(LoginRequest request, CancellationToken ct = default);

    /// <summary>Signs out: here at once, at the authority as soon as it can be reached, also by the next run of the program if the store outlives it.</summary>
    /// <param name="scope">This session, the user's others, or all. Other sessions can only be ended while the authority can be reached.</param>
    /// <param name="ct">Ends the waiting for the authority; this program is signed out all the same.</param>
    /// <exception cref="SymbolonUnavailableException">The user's other sessions were not ended.</exception>
    /// <exception cref="TokenStoreException">The store has the session still. It is over here, and the authority is told.</exception>
    Task LogoutAsync(LogoutScope scope = LogoutScope.This, CancellationToken ct = default);
}

/// <summary>What became of a refresh.</summary>
public enum RefreshOutcome
{
    /// <summary>There is a new token.</summary>
    Refreshed,

    /// <summary>Another call or another process had refreshed already.</summary>
    AlreadyNewer,

    /// <summary>It did not work now; the session goes on, and so does a token that is still valid.</summary>
    Kept,

    /// <summary>Nobody is signed in any more.</summary>
    SignedOut,
}

/// <summary>Whose sessions are ended.</summary>
public enum LogoutScope
{
    /// <summary>This one.</summary>
    This,

    /// <summary>The user's others; this one goes on.</summary>
    Others,

    /// <summary>All of the user's.</summary>
    All,
}
