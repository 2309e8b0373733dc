using Symbolon.Access;
using Symbolon.AspNetCore;
using Symbolon.Authority.Operations;

namespace Symbolon.Authority.Endpoints;

/// <summary>How the outcomes of a refresh are told to clients.</summary>
internal static class RefreshAnswers
{
    /// <summary>Whether the session is over for the client: the only answers after which a cookie is cleared.</summary>
    public static bool IsOver(this RefreshOutcome outcome) =>
        outcome is RefreshOutcome.Invalid or RefreshOutcome.Ended or RefreshOutcome.Expired or RefreshOutcome.Reuse;

    /// <summary>The problem document of an outcome without tokens.</summary>
    public static SymbolonProblem Problem(this RefreshOutcome outcome) => outcome switch
    {
        RefreshOutcome.Invalid => Problems.RefreshInvalid,
        RefreshOutcome.Ended ended => Problems.SessionOver(Problems.CodeOfEnd(ended.Reason), ended.Reason),
        RefreshOutcome.Expired expired => Problems.SessionOver(Problems.CodeOfEnd(expired.Reason), expired.Reason),
        RefreshOutcome.Reuse => Problems.SessionOver("refresh_reuse", Sessions.EndReason.RefreshReuse),
        RefreshOutcome.ProofRequired => AccessTokenProblems.Refused(AccessTokenFailure.ProofRequired),
        RefreshOutcome.AttemptRequired => Problems.AttemptRequired,
        RefreshOutcome.AskAgain => Problems.AskAgain,
        _ => Problems.Unavailable,
    };
}
