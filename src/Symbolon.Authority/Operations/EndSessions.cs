using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Every way in which sessions end by somebody's wish. An acknowledged end is never undone [I10].</summary>
internal sealed class EndSessions(ISessionStore sessions, ISubjectStore subjects, ChangeSubject change, AuthorityTelemetry telemetry)
{
    /// <summary>Ends one session; false when it is unknown or has ended.</summary>
    /// <param name="id">The session.</param>
    /// <param name="owner">Whose it must be; null for anybody's.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<bool> OneAsync(SessionId id, SubjectId? owner, EndReason reason, string? by, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.end");
        var facts = await sessions.FindAsync(id, ct);
        if (facts.Session is not { Ending: null } session || (owner is { } subject && session.Subject != subject)) return false;
        return await CommitAsync([SessionEnd.Of(session, reason, by, facts.Now)], ct) == 1;
    }

    /// <summary>Ends all live sessions of a subject but one, one by one, so that the caller's token goes on. Answers how many.</summary>
    public async Task<int> OthersAsync(Session current, DateTimeOffset now, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.end_others");
        var others = (await sessions.LiveOfAsync(current.Subject, now, ct)).Where(session => session.Id != current.Id);
        return await CommitAsync([.. others.Select(session => SessionEnd.Of(session, EndReason.EndedByUser, current.Subject.Value, now))], ct);
    }

    /// <summary>Ends all sessions of a subject: one row, whatever their number.</summary>
    public Task AllAsync(SubjectId subject, EndReason reason, string? by, CancellationToken ct) =>
        change.RunAsync(subject, (row, now) => SubjectChange.EndAll(row, reason, by, now), ct);

    /// <summary>Ends everyone's sessions, the caller's included.</summary>
    public async Task EveryoneAsync(string? by, CancellationToken ct)
    {
        while (true)
        {
            var facts = await subjects.FindAsync(new SubjectId(by ?? "-"), ct);
            var raise = EraChange.Raise(facts.Era, by, facts.Now);
            if (!await subjects.TryRaiseEraAsync(raise, ct)) continue;
            telemetry.EraRaised(raise.Era);
            return;
        }
    }

    private async Task<int> CommitAsync(IReadOnlyList<SessionEnd> ends, CancellationToken ct)
    {
        if (ends.Count == 0) return 0;
        var ended = await sessions.EndAsync(ends, ct);
        foreach (var end in ends) telemetry.Ended(end);
        return ended;
    }
}
