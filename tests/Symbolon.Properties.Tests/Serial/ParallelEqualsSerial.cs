using Symbolon.Refresh;
using Symbolon.Sessions;
using Symbolon.Testing;

namespace Symbolon.Properties;

/// <summary>[I11] Parallel presentations equal some serial order: judged by the history checker, from what is seen outside.</summary>
internal static class ParallelEqualsSerial
{
    public static Promise Promise { get; } = new("I11", Scenario.Storm, history => SerialOrder.Explain(Observations(history)));

    private static IEnumerable<Observation> Observations(History history) =>
    [
        new Observation { Session = "s", Deed = Deed.Start, StartedAt = 0, EndedAt = 0, Outcome = Outcome.Issued, Child = history.FirstText, ChildGeneration = 1 },
        .. history.Logouts.Select(at => new Observation { Session = "s", Deed = Deed.End, StartedAt = at, EndedAt = at, Outcome = Outcome.Done, Reason = "logout" }),
        .. history.Operations.Select(Observe),
    ];

    private static Observation Observe(Operation operation) => new()
    {
        Session = "s",
        Deed = Deed.Refresh,
        StartedAt = operation.SentAt,
        EndedAt = operation.AnsweredAt ?? long.MaxValue,
        Token = operation.Text,
        Outcome = operation.AnsweredAt is null ? Outcome.Unknown : OutcomeOf(operation),
        Child = operation.ChildText,
        ChildGeneration = operation.Child?.Generation ?? 0,
        Reason = operation.Decision is RefreshDecision.Ended { Reason: var reason } ? reason.Code() : null,
        IsOutsider = operation.By is Party.Foreigner or Party.Forger or Party.KeyThief,
    };

    private static Outcome OutcomeOf(Operation operation) => operation.Decision switch
    {
        _ when operation.ChildText is not null => Outcome.Issued,
        RefreshDecision.AskAgain => Outcome.AskAgain,
        RefreshDecision.Reuse => Outcome.Reuse,
        RefreshDecision.Ended => Outcome.Ended,
        _ => Outcome.Invalid,
    };
}
