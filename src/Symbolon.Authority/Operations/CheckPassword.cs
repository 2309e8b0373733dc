using System.Net;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Checks a password: counted before it is hashed, the same work and answer for a name that does not exist.</summary>
internal sealed class CheckPassword(AccountDirectory accounts, ISubjectStore subjects, IEventLog events, FailureLimits limits, AuthorityTelemetry telemetry)
{
    // Facts of nobody are read too, so that an unknown name costs the same.
    private static readonly SubjectId Nobody = new("-");

    /// <summary>Checks the password of a user name.</summary>
    public async Task<PasswordOutcome> RunAsync(string userName, string password, IPAddress? address, CancellationToken ct)
    {
        var id = await accounts.FindIdAsync(userName, ct);
        var facts = await subjects.FindAsync(id ?? Nobody, ct);
        var guess = Guess.Of(accounts.Normalize(userName), address);
        if (await limits.CountAsync(guess, facts.Now, ct) is { } wait) return Tell(new PasswordOutcome.TooMany(wait), "too_many_attempts");

        switch (await accounts.CheckPasswordAsync(id, password, ct))
        {
            case PasswordCheck.Accepted accepted when facts.Subject is { DisabledAt: not null } or { DeletedAt: not null }:
                await limits.ForgiveAsync(guess, ct);
                return await FailAsync(new PasswordOutcome.NotAllowed(SignInObstacle.Refused), accepted.Account.Id, "sign_in_refused", facts.Now, ct);
            case PasswordCheck.Accepted accepted:
                await limits.ForgiveAsync(guess, ct);
                return Tell(new PasswordOutcome.Accepted(accepted.Account, facts), "ok");
            case PasswordCheck.NotAllowed refused:
                await limits.ForgiveAsync(guess, ct);
                var code = refused.Why == SignInObstacle.SecondFactor ? "second_factor_required" : "sign_in_refused";
                return await FailAsync(new PasswordOutcome.NotAllowed(refused.Why), id, code, facts.Now, ct);
            default:
                return await FailAsync(new PasswordOutcome.Wrong(), id, "invalid_credentials", facts.Now, ct);
        }
    }

    private async Task<PasswordOutcome> FailAsync(PasswordOutcome outcome, SubjectId? id, string code, DateTimeOffset now, CancellationToken ct)
    {
        await events.AppendAsync(new SessionEvent(EventKind.LoginFailed, now, Subject: id, Reason: code), ct);
        return Tell(outcome, code);
    }

    private PasswordOutcome Tell(PasswordOutcome outcome, string code)
    {
        telemetry.PasswordChecked(code);
        return outcome;
    }
}

/// <summary>What checking a password led to.</summary>
internal abstract record PasswordOutcome
{
    private PasswordOutcome() { }

    /// <summary>Right; the facts were read before the password was checked.</summary>
    public sealed record Accepted(Account Account, SubjectFacts Facts) : PasswordOutcome;

    /// <summary>No such account, or another password.</summary>
    public sealed record Wrong : PasswordOutcome;

    /// <summary>Too many attempts.</summary>
    public sealed record TooMany(TimeSpan Wait) : PasswordOutcome;

    /// <summary>Right, and the account may not sign in.</summary>
    public sealed record NotAllowed(SignInObstacle Why) : PasswordOutcome;
}
