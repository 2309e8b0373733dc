using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Commits a change above a subject's sessions: load, decide, compare-and-swap, again when somebody was quicker.</summary>
internal sealed class ChangeSubject(ISubjectStore subjects, AuthorityTelemetry telemetry)
{
    /// <summary>Runs it and answers the subject as it then is.</summary>
    public async Task<Subject> RunAsync(SubjectId id, Func<Subject, DateTimeOffset, SubjectChange> decide, CancellationToken ct)
    {
        while (true)
        {
            var facts = await subjects.FindAsync(id, ct);
            var change = decide(facts.Subject ?? Subject.New(id), facts.Now);
            if (!await subjects.TryChangeAsync(facts.Subject, change, ct)) continue;
            if (change.Subject.Epoch > (facts.Subject?.Epoch ?? 0)) telemetry.SubjectEnded(id, change.Subject.EpochReason!.Value);
            return change.Subject;
        }
    }
}
