namespace Symbolon.Testing;

/// <summary>What the rules of DESIGN §4.1 keep of a session: the confirmed token, whether it ended, and the attempts where they matter.</summary>
/// <param name="Confirmed">The confirmed token; null until the first is used.</param>
/// <param name="EndReason">Why it ended; null while it lives.</param>
/// <param name="Attempts">Up to four attempts of the confirmed token, separated by spaces; empty where overlap was open all the time.</param>
internal readonly record struct ModelState(string? Confirmed, string? EndReason, string Attempts = "");

/// <summary>A token as the answers of a history define it.</summary>
internal readonly record struct KnownToken(int Generation, string? Parent);

/// <summary>The rules of DESIGN §4.1 in the terms of an outside observer, without time: windows are open or not, as the observer says.</summary>
internal sealed class SessionModel(IReadOnlyDictionary<string, KnownToken> tokens, bool tracksAttempts)
{
    private const int MostKept = 8; // superseded tokens, for rule 10

    /// <summary>The state after an observation, or null when nothing like it can be observed in this state.</summary>
    public ModelState? Next(ModelState state, Observation seen) => seen.Deed switch
    {
        Deed.Start => state,
        Deed.End => seen.Outcome is Outcome.Done or Outcome.Unknown ? state with { EndReason = state.EndReason ?? seen.Reason ?? "logout" } : null,
        _ => Matches(seen, Refresh(state, seen)),
    };

    // What presenting the token leads to: the outcome, the state after it, and the reason that is told.
    private (Outcome Outcome, ModelState State, string? Reason) Refresh(ModelState state, Observation seen)
    {
        if (seen.IsOutsider || !tokens.TryGetValue(seen.Token!, out var token)) return (Outcome.Invalid, state, null);
        if (state.EndReason is { } reason) return (Outcome.Ended, state, reason);
        var generation = state.Confirmed is null ? 0 : tokens[state.Confirmed].Generation;
        if (token.Generation == generation + 1 && token.Parent == state.Confirmed)
            return (Outcome.Issued, state with { Confirmed = seen.Token, Attempts = Kept("", seen.Attempt) }, null);
        if (seen.Token == state.Confirmed && (seen.IsOverlapOpen || Knows(state, seen.Attempt)))
            return (Outcome.Issued, state with { Attempts = Kept(state.Attempts, seen.Attempt) }, null);
        if (token.Generation > generation) return (Outcome.Invalid, state, null); // made by a token that was dead: nothing fits
        return seen.IsSettleOpen && (token.Generation == generation || IsKept(seen.Token!, state))
            ? (Outcome.AskAgain, state, null)
            : (Outcome.Reuse, state with { EndReason = "refresh_reuse" }, "refresh_reuse");
    }

    // Only a confirmed token has a child that was confirmed: the last of them are the confirmed token's ancestors.
    private bool IsKept(string token, ModelState state)
    {
        var ancestor = state.Confirmed;
        for (var back = 0; back < MostKept && ancestor is not null; back++)
            if ((ancestor = tokens[ancestor].Parent) == token) return true;
        return false;
    }

    private static ModelState? Matches(Observation seen, (Outcome Outcome, ModelState State, string? Reason) expected) =>
        seen.Outcome is Outcome.Unknown
        || (seen.Outcome == expected.Outcome && (seen.Reason is null || expected.Reason is null || seen.Reason == expected.Reason))
            ? expected.State
            : null;

    /// <summary>What the rules would answer here, for messages.</summary>
    public string Expected(ModelState state, Observation seen) => seen.Deed is Deed.Refresh ? Refresh(state, seen).Outcome.ToString() : nameof(Outcome.Done);

    private string Kept(string attempts, string? attempt) =>
        !tracksAttempts || attempt is null || attempts.Split(' ').Contains(attempt) || attempts.Count(c => c == ' ') >= 4 ? attempts : $"{attempts} {attempt}";

    private static bool Knows(ModelState state, string? attempt) => attempt is not null && state.Attempts.Split(' ').Contains(attempt);
}
