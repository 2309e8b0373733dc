using Symbolon.Client.Authority;

namespace Symbolon.Client.Sessions;

/// <summary>The session of one key: what is held, the one refresh that may be under way, and who is told of its end.</summary>
internal sealed class NamedSession : ISymbolonSession
{
    private const int MostTurns = 3;
    private readonly Lock gate = new();
    private readonly string key;
    private readonly ClientParts parts;
    private readonly SessionRefresh refresh;
    private readonly LogOuts logOuts;
    private readonly Action<string, Ending> signedOut;
    private readonly BackOff backOff, refusals;
    private volatile HeldToken? held;
    private Task<RefreshOutcome>? flight;
    private Ending? ending;
    private Failure? failure;
    private long refusedVersion, untriedVersion;
    private int epoch; // who signed in or out meanwhile makes a flight's result old

    public NamedSession(string key, ClientParts parts, Action<string, Ending> signedOut, CancellationToken stopping)
    {
        (this.key, this.parts, this.signedOut) = (key, parts, signedOut);
        refresh = new SessionRefresh(key, parts);
        logOuts = new LogOuts(key, parts, stopping);
        (backOff, refusals) = (NewBackOff(), NewBackOff());
    }

    public ValueTask<AccessToken?> GetTokenAsync(TimeSpan? minTtl = null, CancellationToken ct = default) =>
        held is { } token && !token.IsDue(minTtl) ? new(token.Snapshot()) : new(DueAsync(minTtl, ct));

    public async ValueTask<RefreshOutcome> RefreshAsync(long? ifVersion = null, CancellationToken ct = default)
    {
        var known = held;
        if (ifVersion is { } old && known is not null && known.Version != old && flight is null) return RefreshOutcome.AlreadyNewer;
        var refused = ifVersion ?? known?.Version;
        var outcome = await FlyAsync(token => refused is { } version && token.Version != version, ct).ConfigureAwait(false);
        // A flight that failed to replace the token after the refused one.
        return outcome == RefreshOutcome.Kept && ifVersion is not null && held is { } now && now.Version != ifVersion ? RefreshOutcome.AlreadyNewer : outcome;
    }

    /// <summary>Whether asking again for a refused token makes sense. An API that refuses each new token would otherwise cost a refresh for each call.</summary>
    public bool MayReplace(long version)
    {
        if (version == Interlocked.Read(ref untriedVersion)) Judged(version, isRefused: true);
        return version != Interlocked.Read(ref refusedVersion) || refusals.Left <= TimeSpan.Zero;
    }

    /// <summary>A token was refreshed for the sake of a request that cannot be sent again. Its next use judges it.</summary>
    public void Untried(long version) => Interlocked.Exchange(ref untriedVersion, version);

    /// <summary>An API took a token.</summary>
    public void Taken(long version) => Interlocked.CompareExchange(ref untriedVersion, 0, version);

    /// <summary>An API has judged a token that was refreshed for its sake.</summary>
    public void Judged(long version, bool isRefused)
    {
        lock (gate)
        {
            if (!isRefused) refusals.Succeeded();
            else if (Interlocked.Exchange(ref refusedVersion, version) != version) parts.Log.NewTokenRefused(key, refusals.Failed(null));
        }
    }

    /// <summary>What the callers of an ended session are told.</summary>
    public SignedOutException Ended()
    {
        var how = ending ?? Ending.ByLogout;
        return new SignedOutException(key, how.Code, how.Reason);
    }

    public async Task<Session> LoginAsync(LoginRequest request, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var tokens = await SignIns.TokensAsync(parts.Authority, request, ct).ConfigureAwait(false);
        var at = Volatile.Read(ref epoch);
        var (next, before) = await logOuts.ReplaceAsync(tokens, ct).ConfigureAwait(false);
        lock (gate)
        {
            // Who signed in or out meanwhile may have been later in the store: then it is read again.
            held = epoch == at ? HeldToken.Received(next, parts.Options, parts.Time) : null;
            epoch++;
            (ending, failure) = (null, null);
            backOff.Succeeded();
            refusals.Succeeded();
        }

        if (before is not null) logOuts.TellInBackground(before);
        parts.Log.SignedIn(key, next.SessionId);
        return new Session(next.SessionId, TokenResponse.Length(tokens.RefreshExpiresIn), TokenResponse.Length(tokens.SessionExpiresIn), tokens.Scope, tokens.SkewOf(parts.Time));
    }

    public async Task LogoutAsync(LogoutScope scope = LogoutScope.This, CancellationToken ct = default)
    {
        Failure? failed = null;
        try
        {
            if (scope != LogoutScope.This) failed = await SignIns.EndOthersAsync(parts.Authority, this, scope, ct).ConfigureAwait(false);
        }
        finally
        {
            // Whatever became of the others, also when the caller has left.
            if (scope != LogoutScope.Others) await EndAsync(ct).ConfigureAwait(false);
        }

        if (failed is not null) throw failed.ToException();
    }

    /// <summary>Ends this session: here first, then in the store, then at the authority.</summary>
    private async Task EndAsync(CancellationToken ct)
    {
        var known = Drop();
        var (session, failed) = await Background.Run(() => logOuts.ForgetAsync(known)).ConfigureAwait(false);
        if (failed is not null && session is not null) refresh.IsGone(session.SessionId, ending: null);
        known = Drop() ?? known; // whoever asked meanwhile may have loaded it again

        if (known is not null || session is not null) signedOut(key, Ending.ByLogout);
        if (session is not null) await logOuts.TellAsync(session, ct).ConfigureAwait(false);
        if (failed is not null) throw failed;
    }

    private StoredToken? Drop()
    {
        lock (gate)
        {
            var known = held?.Stored;
            epoch++;
            (held, ending, failure) = (null, null, null);
            return known;
        }
    }

    private async Task<AccessToken?> DueAsync(TimeSpan? minTtl, CancellationToken ct)
    {
        // A token that is still valid goes on being used while the authority may not be asked; and while it is, once that has failed: who does not answer would hold up each call.
        if (held is { } valid && valid.Left > TimeSpan.Zero && backOff.HasFailed)
        {
            if (backOff.Left <= TimeSpan.Zero) _ = FlyAsync(IsEnough, CancellationToken.None);
            return valid.Snapshot();
        }

        var outcome = await FlyAsync(IsEnough, ct).ConfigureAwait(false);
        if (held is { } token && token.Left > TimeSpan.Zero) return token.Snapshot();
        if (ending is not null) throw Ended();
        if (outcome == RefreshOutcome.SignedOut) return null;
        var wait = backOff.Left;
        throw (failure ?? new Failure("The access token has expired, and the session could not be refreshed.")).ToException(wait > TimeSpan.Zero ? wait : null);

        bool IsEnough(HeldToken token) => !token.IsDue(minTtl);
    }

    /// <summary>One flight for everybody: started without any caller's cancellation, awaited with the caller's.</summary>
    private async Task<RefreshOutcome> FlyAsync(Func<HeldToken, bool> isEnough, CancellationToken ct)
    {
        for (var turn = 1; ; turn++)
        {
            Task<RefreshOutcome> joined;
            bool isOwn;
            lock (gate)
            {
                isOwn = flight is null;
                joined = flight ??= Background.Run(() => RunAsync(isEnough));
            }

            var outcome = await joined.WaitAsync(ct).ConfigureAwait(false);
            // Who joined a flight for another reason, such as the first load, looks whether that was enough.
            if (isOwn || turn == MostTurns || outcome != RefreshOutcome.AlreadyNewer || held is not { } token || isEnough(token)) return outcome;
        }
    }

    private async Task<RefreshOutcome> RunAsync(Func<HeldToken, bool> isEnough)
    {
        _ = logOuts.ResumeAsync();
        var (before, at, started) = (held, Volatile.Read(ref epoch), parts.Time.GetTimestamp());
        SessionChange change;
        try
        {
            change = await refresh.RunAsync(before, isEnough, () => backOff.Left <= TimeSpan.Zero).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            change = new SessionChange.Kept(Failure.Of(e), before);
        }

        var outcome = Land(change, at, before);
        if (change is not SessionChange.Newer and not SessionChange.Nobody and not SessionChange.Kept { Failure: null }) parts.Metrics.Refreshed(outcome, parts.Time.GetElapsedTime(started));
        return outcome;
    }

    private RefreshOutcome Land(SessionChange change, int at, HeldToken? before)
    {
        Ending? news = null;
        lock (gate)
        {
            flight = null;
            if (epoch != at) return held is null ? RefreshOutcome.SignedOut : RefreshOutcome.AlreadyNewer;
            switch (change)
            {
                case SessionChange.Refreshed { Token: var token }:
                    (held, ending, failure) = (token, null, null);
                    backOff.Succeeded();
                    parts.Log.Refreshed(key, token.Stored.Generation);
                    return RefreshOutcome.Refreshed;
                case SessionChange.Newer { Token: var token }:
                    (held, ending, failure) = (token, null, null);
                    return RefreshOutcome.AlreadyNewer;
                case SessionChange.Kept kept:
                    held = kept.Token ?? held;
                    if (kept.Failure is not { } why) return RefreshOutcome.Kept;
                    failure = why;
                    parts.Log.RefreshFailed(key, why.Message, backOff.Failed(why.RetryAfter));
                    return RefreshOutcome.Kept;
                case SessionChange.Over { Ending: var over } how:
                    if (how.IsNews || before is not null) news = over;
                    (held, ending) = (null, over);
                    break;
                default:
                    if (before is not null) news = Ending.ByLogout; // by another process
                    (held, ending) = (null, null);
                    break;
            }
        }

        if (news is not null) signedOut(key, news);
        return RefreshOutcome.SignedOut;
    }

    private BackOff NewBackOff() => new(parts.Options.BackOffFirst, parts.Options.BackOffLimit, parts.Time);
}
