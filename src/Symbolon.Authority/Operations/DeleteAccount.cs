using System.Net;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Deletes an account with everything that is personal; events keep ids only. Sessions end, the account goes, sessions end again; each step may be repeated.</summary>
internal sealed class DeleteAccount(AccountDirectory accounts, CheckPassword passwords, ChangeSubject change, ISessionStore sessions)
{
    /// <summary>By its owner, who knows the password. Null when done.</summary>
    public async Task<PasswordOutcome?> RunAsync(Account account, string password, IPAddress? address, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.delete_account");
        var check = await passwords.RunAsync(account.UserName, password, address, ct);
        if (check is not PasswordOutcome.Accepted) return check;

        await EraseAsync(account.Id, account.Id.Value);
        return null;
    }

    /// <summary>Without asking for a password.</summary>
    public async Task EraseAsync(SubjectId id, string by)
    {
        // From here on a caller who goes away stops nothing. What a crash leaves undone, the owner can repeat until the account is gone;
        // then nothing personal is left but what a log-in under way has added, which is erased last.
        await change.RunAsync(id, (row, now) => SubjectChange.EndAll(row, EndReason.AccountDeleted, by, now), CancellationToken.None);
        await sessions.ForgetAsync(id, CancellationToken.None);
        await accounts.DeleteAsync(id, CancellationToken.None);
        await change.RunAsync(id, (row, now) => SubjectChange.Delete(row, by, now), CancellationToken.None);
        await sessions.ForgetAsync(id, CancellationToken.None);
    }
}
