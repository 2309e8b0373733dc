using Microsoft.AspNetCore.Http;
using Symbolon.Access;
using Symbolon.Keys;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore;

/// <summary>Checks access tokens: locally, from memory, and only where a route demands it by asking. The one way to a verdict for the authentication scheme, the gateway and open connections.</summary>
/// <remarks>Safe for concurrent use. DESIGN §5.</remarks>
internal sealed class TokenCheck
{
    private readonly TokenCheckSources sources;
    private readonly TimeProvider time;
    private readonly int capacity;
    private volatile AccessTokenVerifier verifier;

    /// <summary>Makes a check.</summary>
    /// <param name="policy">What is accepted.</param>
    /// <param name="sources">Where keys, revocations and live answers come from.</param>
    /// <param name="rememberedTokens">How many tokens to remember; 0 for none.</param>
    /// <param name="time">The clock.</param>
    public TokenCheck(AccessTokenPolicy policy, TokenCheckSources sources, int rememberedTokens, TimeProvider time)
    {
        (this.sources, this.time, capacity) = (sources, time, rememberedTokens);
        verifier = new AccessTokenVerifier(VerificationKeys.None, policy, capacity: 0);
    }

    /// <summary>Where this check gets what it needs.</summary>
    internal TokenCheckSources Sources => sources;

    /// <summary>Under which scheme to count, and where; null not to count.</summary>
    internal (string Scheme, SymbolonMetrics Metrics)? Telemetry { private get; init; }

    /// <summary>Checks a token. Completes at once, but where the authority has to be asked.</summary>
    /// <param name="token">The token as it came.</param>
    /// <param name="demand">What the route demands.</param>
    /// <param name="http">The request, where there is one.</param>
    /// <param name="ct">Cancels.</param>
    public ValueTask<TokenCheckResult> CheckAsync(string token, RouteDemand demand, HttpContext? http, CancellationToken ct) => CheckAsync(token.AsMemory(), demand, http, ct);

    /// <summary>The same for a token that is a part of something longer, such as a header: known ones are not copied.</summary>
    internal ValueTask<TokenCheckResult> CheckAsync(ReadOnlyMemory<char> token, RouteDemand demand, HttpContext? http, CancellationToken ct)
    {
        if (sources.Keys.Current is not { } keys) return WithNewerKeysAsync(token, demand, http, ct);
        var result = Verify(keys, token, demand, out var isCurrent);
        return result.Failure == AccessTokenFailure.Key ? WithNewerKeysAsync(token, demand, http, ct)
            : result.IsAccepted ? CheckStanding(new Passed(token, result.Token, http), demand, isCurrent, ct)
            : new(Refused(result));
    }

    private async ValueTask<TokenCheckResult> WithNewerKeysAsync(ReadOnlyMemory<char> token, RouteDemand demand, HttpContext? http, CancellationToken ct)
    {
        if (await sources.Keys.RefreshAsync(ct) is not { } keys) return Refused(AccessTokenProblems.Unavailable);
        var result = Verify(keys, token, demand, out var isCurrent);
        return result.IsAccepted ? await CheckStanding(new Passed(token, result.Token, http), demand, isCurrent, ct) : Refused(result);
    }

    // First the age, then the view. A feed takes entries in before it says that it is current, so the view read second is at least as new as the one that the age speaks of.
    // The other way round, entries that come in between would make the view before them pass by the age of the one after: a token would get through that the feed had already brought.
    private AccessTokenResult Verify(VerificationKeys keys, ReadOnlyMemory<char> token, RouteDemand demand, out bool isCurrent)
    {
        var current = verifier;
        if (!ReferenceEquals(current.Keys, keys)) verifier = current = new AccessTokenVerifier(keys, current.Policy, capacity);
        var feed = demand.Mode == SymbolonMode.Offline ? null : sources.Feed;
        isCurrent = demand.Mode == SymbolonMode.Revocable && feed?.Age <= demand.MaxStaleness;
        return current.Verify(token.Span, feed?.View.Denylist ?? Denylist.Empty, time.GetUtcNow());
    }

    private ValueTask<TokenCheckResult> CheckStanding(Passed passed, RouteDemand demand, bool isCurrent, CancellationToken ct)
    {
        if (demand.Mode == SymbolonMode.Offline) return new(Accepted(passed.Authentic, "ok"));
        if (demand.Mode == SymbolonMode.Live) return AskAsync(passed.Question, AccessTokenProblems.Unavailable, ct);
        if (isCurrent) return new(Accepted(passed.Authentic, "ok"));
        return demand.WhenStale switch
        {
            WhenStale.Allow => new(Accepted(passed.Authentic, "ok_stale")),
            WhenStale.Ask => AskAsync(passed.Question, AccessTokenProblems.ViewStale, ct),
            _ => new(Refused(AccessTokenProblems.ViewStale)),
        };
    }

    private async ValueTask<TokenCheckResult> AskAsync(LiveQuestion question, SymbolonProblem unanswered, CancellationToken ct)
    {
        if (sources.Live is not { } live) return Refused(unanswered);
        var answer = await live.AskAsync(question, ct);
        return answer.IsUnavailable ? Refused(unanswered)
            : answer.Failure is { } failure ? Refused(AccessTokenProblems.Refused(failure, answer.Reason))
            : Accepted(question.Authentic, "ok_live", isLive: true);
    }

    private TokenCheckResult Accepted(AuthenticToken token, string outcome, bool isLive = false)
    {
        Telemetry?.Metrics.Checked(Telemetry.Value.Scheme, outcome);
        return new TokenCheckResult(token, isLive);
    }

    private TokenCheckResult Refused(SymbolonProblem problem)
    {
        Telemetry?.Metrics.Checked(Telemetry.Value.Scheme, problem.Code);
        return new TokenCheckResult(problem);
    }

    private TokenCheckResult Refused(AccessTokenResult result) =>
        Refused(AccessTokenProblems.Refused(result.Failure!.Value, result.Reason is { } reason ? Sessions.EndReasons.Code(reason) : null));

    // A token that passed, and as it came: copied when somebody has to be asked.
    private readonly record struct Passed(ReadOnlyMemory<char> Token, AuthenticToken Authentic, HttpContext? Http)
    {
        public LiveQuestion Question => new(Token.ToString(), Authentic, Http);

        public override string ToString() => "A token that passed"; // never the token
    }
}

/// <summary>Where a check gets what it needs.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Feed">What is revoked; null when nobody says.</param>
/// <param name="Live">Live answers; null when nobody can be asked.</param>
internal sealed record TokenCheckSources(VerificationKeySource Keys, RevocationFeed? Feed, LiveCheck? Live);

/// <summary>What came of a check: the token, or the problem document to answer.</summary>
internal readonly record struct TokenCheckResult
{
    internal TokenCheckResult(AuthenticToken token, bool IsLive) => (Token, this.IsLive) = (token, IsLive);

    internal TokenCheckResult(SymbolonProblem problem) => Problem = problem;

    /// <summary>The token when it passed.</summary>
    public AuthenticToken? Token { get; }

    /// <summary>What to answer when it did not.</summary>
    public SymbolonProblem? Problem { get; }

    /// <summary>Whether the authority itself said so, just now.</summary>
    public bool IsLive { get; }
}
