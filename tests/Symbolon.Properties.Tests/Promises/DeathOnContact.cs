using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Properties;

/// <summary>[I9] for whoever uses a token that is not the session's line any more.</summary>
internal static class DeathOnContact
{
    private static readonly RefreshPolicy Policy = new();

    /// <summary>
    /// The loser's use ends the session, but within settle of the rotation that made it lose, or of the next one: two windows, together
    /// twice settle. Then every verifier that knows the log refuses the session's access tokens.
    /// </summary>
    public static Promise TwoWindows { get; } = new("I9", Scenario.Thief, history =>
    {
        var confirmedAt = new Dictionary<int, DateTimeOffset>();
        var asked = new Dictionary<RefreshToken, HashSet<int>>();
        foreach (var (entry, confirmed) in history.WithConfirmed())
        {
            if (entry is Confirmed { Token.Generation: var generation, Row: var row }) confirmedAt[generation] = row.ConfirmedAt;
            if (entry is not Refused { By: { Token: { } used, Facts: { } facts } by } refused || confirmed is not { } winner || used == winner) continue;
            if (used.Generation > winner.Generation) continue;
            switch (refused.Decision)
            {
                case RefreshDecision.AskAgain when refused.Row.Ending is not null:
                    break; // lost three races, the last against the end itself: whoever comes again is told
                case RefreshDecision.AskAgain:
                    var windows = asked.TryGetValue(used, out var known) ? known : asked[used] = [];
                    windows.Add(facts.Session!.Generation);
                    if (windows.Count > Policy.SettleDepth + 1) return $"{Promises.Name(used)} was asked to come again in a third window";
                    if (facts.Session.Generation > 0 && facts.Now - confirmedAt[facts.Session.Generation] >= Policy.Settle)
                        return $"{Promises.Name(used)} was asked to come again {facts.Now - confirmedAt[facts.Session.Generation]} after the rotation";
                    break;
                case RefreshDecision.Expired or RefreshDecision.AttemptRequired:
                    break; // refused before anybody asks which token it is
                default:
                    if (refused.Row.Ending is null) return $"{by.By} used {Promises.Name(used)}, which had lost, was told {refused.Decision}, and the session lives";
                    break;
            }
        }

        return history.LastRow!.Ending is { Reason: EndReason.RefreshReuse } && history.AccessTokens.Any(token => !history.Denylist.Refuses(token))
            ? "an access token of the ended session is accepted by verifiers that know all"
            : null;
    });

    /// <summary>A use later than twice settle after the token lost ends the session: what the two windows come to when they follow each other.</summary>
    public static string? LateUse(History history)
    {
        var retiredAt = new Dictionary<RefreshToken, DateTimeOffset>();
        var issued = new List<RefreshToken> { history.FirstToken };
        foreach (var entry in history.Entries)
        {
            if (entry is Answered answer) issued.Add(answer.Child);
            if (entry is Confirmed { Token: var winner, Row: var row })
                foreach (var token in issued.Where(token => token != winner && token.Generation <= winner.Generation)) retiredAt.TryAdd(token, row.ConfirmedAt);
            if (entry is Refused { By: { Token: { } used, Facts: { } facts }, Row.Ending: null, Decision: not (RefreshDecision.Expired or RefreshDecision.AttemptRequired) } refused
                && retiredAt.TryGetValue(used, out var since) && facts.Now >= since + (2 * Policy.Settle))
                return $"{Promises.Name(used)} lost {facts.Now - since} before, and was told {refused.Decision}";
        }

        return null;
    }
}
