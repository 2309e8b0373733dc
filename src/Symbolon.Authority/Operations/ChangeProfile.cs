using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority.Operations;

/// <summary>Writes display name and e-mail. Identity changes the security stamp with the address; the sessions go on, so they get the new one.</summary>
internal sealed class ChangeProfile(AccountDirectory accounts, ISessionStore sessions)
{
    public async Task<AccountResult> RunAsync(Account account, string? displayName, string? email, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.profile");
        var result = await accounts.SetProfileAsync(account.Id, displayName, email, ct);
        if (result is AccountResult.Written written && written.Account.Stamp != written.StampBefore)
            await sessions.RestampAsync(account.Id, written.StampBefore, written.Account.Stamp, CancellationToken.None); // both stamps from the write itself
        return result;
    }
}
