using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Exchanges a refresh token: parse → load → decide → commit → render.</summary>
internal sealed class RefreshSession(
    ISessionStore sessions, IEventLog events, AccountDirectory accounts, RefreshRules rules, TokenIssuer issuer, AuthorityTelemetry telemetry)
{
    // The first try and two more; whoever still loses is told to ask again.
    private const int Tries = 3;

    /// <summary>Runs the exchange.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed.</exception>
    public async Task<RefreshOutcome> RunAsync(RefreshCommand command, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.refresh");
        switch (RefreshToken.Read(command.Token, rules.Keys, out var read))
        {
            case RefreshTokenReading.NotAuthentic: return Tell(new RefreshOutcome.Invalid(), "not_authentic");
            case RefreshTokenReading.UnknownKey: return Tell(new RefreshOutcome.Unavailable(), "unknown_key");
        }

        for (var tries = 0; tries < Tries; tries++)
        {
            var facts = await sessions.FindAsync(read.Token.Session, ct);
            var account = facts.Session is { } session ? await accounts.FindAsync(session.Subject, ct) : null;
            var decision = rules.Decide(facts, account?.Stamp, read, command);
            if (await CommitAsync(decision, facts, account, read, ct) is { } outcome) return Tell(outcome, decision.GetType().Name);
        }

        return Tell(new RefreshOutcome.AskAgain(), "lost_race");
    }

    // Null: somebody else was quicker. Tokens are made before the commit and leave after it, so that a failure to make them changes nothing.
    private async ValueTask<RefreshOutcome?> CommitAsync(
        RefreshDecision decision, SessionFacts facts, Account? account, AuthenticRefreshToken read, CancellationToken ct)
    {
        var (session, now) = (facts.Session, facts.Now);
        switch (decision)
        {
            case RefreshDecision.Rotate rotate:
                return await RotateAsync(session!, rotate.Next, EventKind.SessionRefreshed, facts, account!, ct);
            case RefreshDecision.Adopt adopt:
                var adopted = await RotateAsync(session!, adopt.Next, EventKind.SessionAdopted, facts, account!, ct);
                if (adopted is not null) telemetry.Adopted(session!.Id);
                return adopted;
            case RefreshDecision.Retry retry:
                var again = await issuer.IssueAsync(session!, facts.Subject, account!, now, ct);
                return await sessions.TryRetryAsync(session!, retry.Attempt, Event(EventKind.SessionRetried, session!, now), ct) ? new RefreshOutcome.Issued(again) : null;
            case RefreshDecision.Ends ends:
                return await EndAsync(session!, ends.Reason, now, ct) ? new RefreshOutcome.Ended(ends.Reason) : null;
            case RefreshDecision.Reuse:
                if (!await EndAsync(session!, EndReason.RefreshReuse, now, ct)) return null;
                telemetry.Reuse(session!.Id);
                return new RefreshOutcome.Reuse();
            case RefreshDecision.Forged:
                telemetry.KeyMisused(session!.Id, read.KeyId);
                await events.AppendAsync(Event(EventKind.KeyMisused, session, now), ct);
                return new RefreshOutcome.Invalid();
            case RefreshDecision.StoreBehind:
                telemetry.StoreBehind(session!.Id);
                await events.AppendAsync(Event(EventKind.StoreBehind, session, now) with { Number = read.Token.Generation }, ct);
                return new RefreshOutcome.Unavailable();
            case RefreshDecision.Ended ended: return new RefreshOutcome.Ended(ended.Reason);
            case RefreshDecision.Expired expired: return new RefreshOutcome.Expired(expired.Reason);
            case RefreshDecision.ProofRequired: return new RefreshOutcome.ProofRequired();
            case RefreshDecision.AttemptRequired: return new RefreshOutcome.AttemptRequired();
            case RefreshDecision.AskAgain: return new RefreshOutcome.AskAgain();
            default: return new RefreshOutcome.Invalid(); // Foreign, Unknown
        }
    }

    private async ValueTask<RefreshOutcome?> RotateAsync(Session session, Session next, EventKind kind, SessionFacts facts, Account account, CancellationToken ct)
    {
        var tokens = await issuer.IssueAsync(next, facts.Subject, account, facts.Now, ct);
        return await sessions.TryRotateAsync(session, next, Event(kind, next, facts.Now), ct) ? new RefreshOutcome.Issued(tokens) : null;
    }

    private async ValueTask<bool> EndAsync(Session session, EndReason reason, DateTimeOffset now, CancellationToken ct)
    {
        var end = SessionEnd.Of(session, reason, by: null, now);
        if (await sessions.EndAsync([end], ct) == 0) return false;
        telemetry.Ended(end);
        return true;
    }

    private static SessionEvent Event(EventKind kind, Session session, DateTimeOffset now) =>
        new(kind, now, session.Id, session.Subject, session.Generation);

    private RefreshOutcome Tell(RefreshOutcome outcome, string decision)
    {
        telemetry.Refreshed(decision);
        return outcome;
    }
}
