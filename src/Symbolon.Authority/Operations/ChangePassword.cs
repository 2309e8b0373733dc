using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Changes a password: every session ends, and the caller gets a new one, so that a thief's pending token inherits nothing.</summary>
/// <remarks>DESIGN §4.3. The accounts may live in another store: sessions end, the account is written, sessions end again; each step may be repeated.</remarks>
internal sealed class ChangePassword(AccountDirectory accounts, CheckPassword passwords, ChangeSubject change, ISubjectStore subjects, StartSession start, Clients clients)
{
    public async Task<ChangePasswordOutcome> RunAsync(Session current, Account account, string password, string newPassword, RequestOrigin origin, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.password");
        var check = await passwords.RunAsync(account.UserName, password, origin.Address, ct);
        if (check is not PasswordOutcome.Accepted) return new ChangePasswordOutcome.Refused(check);

        if (clients.Find(current.ClientId) is not { } client) return new ChangePasswordOutcome.Refused(new PasswordOutcome.NotAllowed(SignInObstacle.Refused));
        var hashed = await accounts.HashNewPasswordAsync(account.Id, newPassword, ct);
        if (hashed is not NewPassword.Hashed good) return new ChangePasswordOutcome.Weak(((NewPassword.Refused)hashed).Why);

        // From here on a caller who goes away stops nothing: half of this is worse than all of it.
        var by = account.Id.Value;
        await change.RunAsync(account.Id, (row, now) => SubjectChange.EndAll(row, EndReason.PasswordChanged, by, now), CancellationToken.None);
        var result = await accounts.SetPasswordAsync(account.Id, good, CancellationToken.None);
        if (result is not AccountResult.Written written) return new ChangePasswordOutcome.Weak(result);
        await change.RunAsync(account.Id, (row, now) => SubjectChange.PasswordChanged(row, by, now), CancellationToken.None);

        var command = new StartCommand(written.Account, await subjects.FindAsync(account.Id, CancellationToken.None), client)
        {
            Device = current.Device,
            Transport = current.Transport,
            Remember = current.Remember,
            Acr = current.Acr,
            Amr = current.Amr,
            IpAddress = origin.Address?.ToString(),
            UserAgent = origin.UserAgent,
        };
        return new ChangePasswordOutcome.Changed(await start.RunAsync(command, CancellationToken.None));
    }
}

/// <summary>What became of a password change.</summary>
internal abstract record ChangePasswordOutcome
{
    private ChangePasswordOutcome() { }

    /// <summary>Changed; the caller's new session.</summary>
    public sealed record Changed(IssuedTokens Tokens) : ChangePasswordOutcome;

    /// <summary>The old password was not accepted.</summary>
    public sealed record Refused(PasswordOutcome Why) : ChangePasswordOutcome;

    /// <summary>The new one was not.</summary>
    public sealed record Weak(AccountResult Why) : ChangePasswordOutcome;
}
