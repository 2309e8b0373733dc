using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Properties;

/// <summary>The promises of DESIGN §4.1 as conditions on histories.</summary>
internal static class Promises
{
    /// <summary>[I2] From the commit that confirms a child, only its line is answered; victim and thief are both served in at most two of the victim's exchanges.</summary>
    public static Promise BoundedCoexistence { get; } = new("I2", Scenario.Thief, history =>
    {
        int? stolen = null;
        var victimsSecond = false;
        foreach (var (entry, confirmed) in history.WithConfirmed())
        {
            if (entry is Stolen theft) stolen = theft.Token.Generation;
            if (entry is not Answered answer) continue;
            if (answer.Presented != confirmed) return $"{answer.By.By} was answered for {Name(answer.Presented)} while {Name(confirmed)} is confirmed";
            // The exchange of the token that both hold is the first; from the commit of the next one on, the thief is out.
            if (answer.By.By is Party.Victim && answer.Presented.Generation > stolen) victimsSecond = true;
            if (answer.By.By is Party.Thief && victimsSecond) return $"the thief was served with {Name(answer.Presented)} after the victim's second exchange";
        }

        return null;
    });

    /// <summary>[I5] A token that is not authentic is refused without the store being read, and changes nothing.</summary>
    public static Promise ForgeriesTouchNothing { get; } = new("I5", Scenario.Anything, history =>
        history.Entries.Select(entry => entry switch
        {
            Refused { By: { By: Party.Forger, Loads: > 0 } } => "the store was read for a token that is not authentic",
            Refused { By.By: Party.Forger, Decision: not null } refused => $"a forged token was told {refused.Decision}",
            Refused { By.By: Party.KeyThief, Decision: not RefreshDecision.Forged } refused => $"a token without proof was told {refused.Decision}",
            Answered { By.By: Party.Forger or Party.KeyThief } => "a forged token was answered",
            Changed { By.By: Party.Forger or Party.KeyThief } => "a forged token changed the session",
            _ => null,
        }).FirstOrDefault(broken => broken is not null));

    /// <summary>[I7] One storage that never goes back, messages delayed less than settle, retries within overlap or with the attempt id: nothing ends the session.</summary>
    public static Promise HonestClientsLive { get; } = new("I7", Scenario.Honest, history =>
    {
        foreach (var changed in history.Entries.OfType<Changed>())
            if (changed.After.Ending?.Reason is EndReason.RefreshReuse) return $"{changed.By?.By} ended the session with {Name(changed.By?.Token)}";
        return history.Epilogue is { Child: null, Decision: RefreshDecision.AskAgain or RefreshDecision.Reuse or null } last
            ? $"the victim's own token was answered {last.Decision}"
            : null;
    });

    /// <summary>[I8] One token is confirmed, each is a child of the one before, and a retired one never again yields tokens.</summary>
    public static Promise OneLine { get; } = new("I8", Scenario.Anything, history =>
    {
        var parents = new Dictionary<RefreshToken, RefreshToken?> { [history.FirstToken] = null };
        RefreshToken? before = null;
        foreach (var (entry, confirmed) in history.WithConfirmed())
        {
            if (entry is Confirmed { Token: var token })
            {
                if (!parents.TryGetValue(token, out var parent)) return $"{Name(token)} was confirmed and never handed out";
                if (parent != before) return $"{Name(token)} was confirmed after {Name(before)} and is a child of {Name(parent)}";
                before = token;
            }

            if (entry is not Answered answer) continue;
            if (answer.Presented != confirmed) return $"{Name(answer.Presented)} yielded tokens while {Name(confirmed)} is confirmed";
            if (answer.Child.Generation != answer.Presented.Generation + 1) return $"{Name(answer.Child)} was made of {Name(answer.Presented)}";
            if (!parents.TryAdd(answer.Child, answer.Presented)) return $"{Name(answer.Child)} was handed out twice";
        }

        return null;
    });

    /// <summary>[I10] An end or a raise that committed first leaves a refresh without tokens, or with tokens that verifiers refuse; an end is never undone.</summary>
    public static Promise RevokeWins { get; } = new("I10", Scenario.Anything, history =>
    {
        SessionEnding? ending = null;
        foreach (var entry in history.Entries)
        {
            if (entry is Answered && ending is not null) return "tokens were made after the session had ended";
            if (entry is Answered { By.Facts: { } facts } && facts.Session is { } read && (read.Epoch < facts.Subject!.Epoch || read.Era < facts.Era))
                return "tokens were made although the raise had been read";
            if (entry is not Changed changed) continue;
            if (ending is not null && changed.After.Ending != ending) return "an end was undone or rewritten";
            ending = changed.After.Ending;
        }

        var row = history.LastRow!;
        var isRevoked = row.Ending?.Reason is not (null or EndReason.Inactivity or EndReason.AbsoluteLifetime)
            || row.Epoch < history.LastSubject!.Epoch || row.Era < history.LastEra;
        return isRevoked && history.AccessTokens.FirstOrDefault(token => !history.RevokedSoFar.Refuses(token)) is { } accepted
            ? $"{accepted} is accepted by verifiers that know all"
            : null;
    });

    /// <summary>[I11] Outsiders change nothing and learn nothing; the absolute end never grows; who a session belongs to never changes.</summary>
    public static Promise OutsidersChangeNothing { get; } = new("I11", Scenario.Anything, history =>
        history.Entries.Select(entry => entry switch
        {
            Changed { By.By: Party.Foreigner or Party.Forger or Party.KeyThief } changed => $"a {changed.By.By} changed the session",
            Answered { By.By: Party.Foreigner } => "a foreign client was answered",
            Refused { By.By: Party.Foreigner, Decision: not RefreshDecision.Foreign } refused => $"a foreign client was told {refused.Decision}",
            Changed changed when changed.After.EndsAt > changed.Before.EndsAt || changed.After.ExpiresAt > changed.After.EndsAt => "the session's end grew",
            Changed changed when Identity(changed.Before) != Identity(changed.After) => "what a session began with was changed",
            _ => null,
        }).FirstOrDefault(broken => broken is not null));

    private static Session Identity(Session row) => row with
    {
        Generation = 0, Branch = 0, ConfirmedAt = default, Attempts = default, Superseded = default, Retries = 0, LastSeenAt = default, ExpiresAt = default, Ending = null,
    };

    internal static string Name(RefreshToken? token) => token is { } named ? $"({named.Generation}, {named.Branch & 0xFFFF:x4})" : "the log-in";
}
