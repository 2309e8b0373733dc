using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Properties;

/// <summary>[I9] for whoever uses a token that is not the session's line any more.</summary>
internal static class DeathOnContact
{
    private static readonly TimeSpan Settle = new RefreshPolicy().Settle;

    /// <summary>
    /// The loser's next use ends the session; one less than settle after it lost may be asked to come again instead. Then every verifier
    /// that knows the log refuses the session's access tokens.
    /// </summary>
    public static Promise WithinSettle { get; } = new("I9", Scenario.Thief, history =>
    {
        var lostAt = new Dictionary<RefreshToken, DateTimeOffset>();
        var issued = new List<RefreshToken> { history.FirstToken };
        foreach (var entry in history.Entries)
        {
            if (entry is Answered answer) issued.Add(answer.Child);
            if (entry is Confirmed { Token: var winner, Row: var row })
                foreach (var token in issued.Where(token => token != winner && token.Generation <= winner.Generation)) lostAt.TryAdd(token, row.ConfirmedAt);
            if (entry is Refused refused && Broken(refused, lostAt) is { } broken) return broken;
        }

        return history.LastRow!.Ending is { Reason: EndReason.RefreshReuse } && history.AccessTokens.Any(token => !history.RevokedSoFar.Refuses(token))
            ? "an access token of the ended session is accepted by verifiers that know all"
            : null;
    });

    private static string? Broken(Refused refused, Dictionary<RefreshToken, DateTimeOffset> lostAt)
    {
        // By is in the row as it was read: who loses three races is asked to come again, whatever it holds by then.
        if (refused is not { Row.Ending: null, By: { Token: { } used, Facts: { Session: { } read } facts } by } || !HasLost(used, read)) return null;
        var since = facts.Now - lostAt[used];
        return refused.Decision switch
        {
            RefreshDecision.Expired or RefreshDecision.AttemptRequired => null, // refused before anybody asks which token it is
            RefreshDecision.AskAgain when since < Settle => null,
            _ => $"{by.By} used {Promises.Name(used)}, which had lost {since} before, was told {refused.Decision}, and the session lives",
        };
    }

    private static bool HasLost(RefreshToken token, Session row) =>
        token.Generation < row.Generation || (token.Generation == row.Generation && token.Branch != row.Branch);
}
