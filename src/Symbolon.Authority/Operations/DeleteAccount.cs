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

        var by = account.Id.Value;
        await change.RunAsync(account.Id, (row, now) => SubjectChange.EndAll(row, EndReason.AccountDeleted, by, now), ct);
        await accounts.DeleteAsync(account.Id, ct);
        await change.RunAsync(account.Id, (row, now) => SubjectChange.Delete(row, by, now), ct);
        await sessions.ForgetAsync(account.Id, ct);
        return null;
    }
}
