using Microsoft.AspNetCore.Http;
using Symbolon.Access;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Live checks in the authority's own process: reads the session's row, so that an end counts from its commit on. A client's own token has no session, and opens none of the routes that need one.</summary>
internal sealed class SessionLiveCheck(
    ISessionStore sessions, AccountDirectory accounts, IRevocationLog revocations, ClientLiveCheck clients, TimeProvider time, AuthorityTelemetry telemetry) : LiveCheck
{
    // A process that stood still between its reads and the answer asks again; one that is so slow each time has no answer.
    private const int Tries = 3;

    /// <summary>How long before the answer the reads may have begun that say yes.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    public override async ValueTask<LiveAnswer> AskAsync(LiveQuestion question, CancellationToken ct)
    {
        try
        {
            var claims = question.Authentic.Claims;
            for (var tries = 0; tries < Tries; tries++)
            {
                var asked = Moment.Of(time);
                var answer = claims.SessionId is null ? await clients.AskAsync(claims, ct) : await ReadAsync(claims, question.Http, ct);
                if (answer.Failure is not null || asked.Age(time) <= Freshness) return answer; // what has ended stays so
            }

            throw new StoreUnavailableException($"Each of {Tries} reads was over a second old when it could be answered.");
        }
        catch (StoreUnavailableException e)
        {
            telemetry.Unavailable(e);
            return LiveAnswer.Unavailable;
        }
    }

    private async ValueTask<LiveAnswer> ReadAsync(AccessTokenClaims claims, HttpContext? http, CancellationToken ct)
    {
        if (!SessionId.TryParse(claims.SessionId, out var id)) return new LiveAnswer(AccessTokenFailure.Claims);
        var facts = await sessions.FindAsync(id, ct);
        if (facts.Session is not { } session || session.Subject.Value != claims.Subject) return new LiveAnswer(AccessTokenFailure.Revoked);

        var account = await accounts.FindAsync(session.Subject, ct);
        if (SessionStanding.Over(session, facts.Subject, account?.Stamp, facts.Era, facts.Now) is { } reason)
            return new LiveAnswer(AccessTokenFailure.Revoked, reason.Code());
        if ((claims.ClaimsVersion ?? 0) < facts.Subject!.ClaimsVersion) return new LiveAnswer(AccessTokenFailure.ClaimsStale);
        if (!account!.Roles.Order(StringComparer.Ordinal).SequenceEqual(claims.Roles.Order(StringComparer.Ordinal)))
            return new LiveAnswer(AccessTokenFailure.ClaimsStale); // changed where nobody told the authority

        if (await revocations.HasTokenAsync(claims.Id, ct)) return new LiveAnswer(AccessTokenFailure.Revoked);

        http?.Features.Set(new LiveSession(session, account, facts.Now));
        return default;
    }
}

/// <summary>The session of a request that has passed the live check.</summary>
/// <param name="Session">Its row.</param>
/// <param name="Account">Its account.</param>
/// <param name="Now">The store's clock.</param>
internal sealed record LiveSession(Session Session, Account Account, DateTimeOffset Now)
{
    public static LiveSession Of(HttpContext context) => context.Features.Get<LiveSession>() ?? throw new InvalidOperationException("The route is not live.");
}
