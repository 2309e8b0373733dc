using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Symbolon.Sessions;

namespace Symbolon.Authority;

/// <summary>What operations tell the outside: one span each, the log, the counters.</summary>
internal sealed class AuthorityTelemetry(ILogger<AuthorityTelemetry> log, AuthorityMetrics metrics)
{
    private static readonly ActivitySource Source = new("Symbolon.Authority");

    /// <summary>The span of one operation.</summary>
    public static Activity? Span(string operation) => Source.StartActivity(operation);

    public void Refreshed(string decision) => metrics.Refresh(decision);

    public void PasswordChecked(string outcome)
    {
        metrics.PasswordChecked(outcome);
        if (outcome != "ok") log.PasswordRefused(outcome);
    }

    /// <summary>A client authenticated, or did not.</summary>
    /// <param name="client">Its id; null when there is no such client: what a stranger has typed is not written down.</param>
    /// <param name="isAccepted">Whether it did.</param>
    public void ClientChecked(string? client, bool isAccepted)
    {
        metrics.ClientChecked(client ?? "unknown", isAccepted ? "ok" : "refused");
        if (!isAccepted) log.ClientRefused(client ?? "unknown");
    }

    public void ClientTokenIssued(string client, string scope) => log.ClientTokenIssued(client, scope);

    public void Started(Session session)
    {
        metrics.Started(session.ClientId);
        log.SessionStarted(session.Id.ToString(), session.Subject.Value, session.ClientId);
    }

    public void Ended(SessionEnd end)
    {
        var reason = end.Session.Ending!.Reason.Code();
        metrics.Ended(reason);
        log.SessionEnded(end.Session.Id.ToString(), reason);
    }

    public void SubjectEnded(SubjectId subject, EndReason reason) => log.SubjectEnded(subject.Value, reason.Code());

    public void TokenRevoked(string id, SubjectId subject) => log.TokenRevoked(id, subject.Value);

    public void EraRaised(int era) => log.EraRaised(era);

    public void Reuse(SessionId session) => log.RefreshReuse(session.ToString());

    public void Adopted(SessionId session) => log.SessionAdopted(session.ToString());

    public void StoreBehind(SessionId session) => log.StoreBehind(session.ToString());

    public void KeyMisused(SessionId session, int key) => log.KeyMisused(session.ToString(), key);

    public void KeysChanged(SessionEvent change) =>
        log.KeysChanged(change.Reason ?? "", change.Kind == EventKind.KeyRemoved ? "removed" : "announced");

    public void KeysUnavailable(Exception why, bool goesOn)
    {
        if (goesOn) log.KeysNotReloaded(why);
        else log.KeysMissing(why);
    }

    public void Unavailable(Exception why)
    {
        metrics.Unavailable();
        log.StoreUnavailable(why);
    }

    public void LogDamaged(Exception why)
    {
        metrics.Unavailable();
        log.LogDamaged(why);
    }

    public void HousekeepingStopped(Exception why) => log.HousekeepingStopped(why);
}
