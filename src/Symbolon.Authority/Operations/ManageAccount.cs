using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>What administrators do to accounts.</summary>
internal sealed class ManageAccount(AccountDirectory accounts, ISubjectStore subjects, ChangeSubject change, ChangeProfile profile)
{
    /// <summary>Accounts known to the authority, a page at a time.</summary>
    public async Task<AccountPage> ListAsync(SubjectId? after, int take, CancellationToken ct)
    {
        var rows = await subjects.ListAsync(after, take + 1, ct);
        var items = new List<ManagedAccount>(take);
        foreach (var subject in rows.Take(take))
            if (await accounts.FindAsync(subject.Id, ct) is { } account) items.Add(new ManagedAccount(account, subject));
        return new AccountPage(items, rows.Count > take ? rows[take - 1].Id : null);
    }

    /// <summary>The account of a user name, or null.</summary>
    public async Task<ManagedAccount?> FindByNameAsync(string userName, CancellationToken ct) =>
        await accounts.FindIdAsync(userName, ct) is { } id ? await FindAsync(id, ct) : null;

    /// <summary>An account, or null.</summary>
    public async Task<ManagedAccount?> FindAsync(SubjectId id, CancellationToken ct)
    {
        var facts = await subjects.FindAsync(id, ct);
        return await accounts.FindAsync(id, ct) is { } account ? new ManagedAccount(account, facts.Subject ?? Subject.New(id)) : null;
    }

    /// <summary>Changes an account; what is null stays. Roles first, then the claims version: a token is never newer than its roles.</summary>
    public async Task<AccountResult> ChangeAsync(SubjectId id, AccountChange wish, string by, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.manage_account");
        if (await accounts.FindAsync(id, ct) is not { } account) return new AccountResult.Gone();
        AccountResult result = new AccountResult.Written(account, account.Stamp);
        if (wish.DisplayName is not null || wish.Email is not null) result = await profile.RunAsync(account, wish.DisplayName, wish.Email, ct);
        if (result is AccountResult.Written && wish.Roles is { } roles)
        {
            // Two stores: a caller who goes away must not leave new roles with tokens that still say the old ones.
            result = await accounts.SetRolesAsync(id, roles, CancellationToken.None);
            if (result is AccountResult.Written) await change.RunAsync(id, (row, now) => SubjectChange.ClaimsChanged(row, by, now), CancellationToken.None);
        }

        if (result is AccountResult.Written && wish.Disabled is { } disabled)
            await change.RunAsync(id, (row, now) => disabled ? SubjectChange.Disable(row, by, now) : SubjectChange.Enable(row, by, now), ct);
        return result;
    }

    /// <summary>Says that a subject's claims changed elsewhere: access tokens are refreshed, sessions go on.</summary>
    public Task ClaimsChangedAsync(SubjectId id, string? by, CancellationToken ct) =>
        change.RunAsync(id, (row, now) => SubjectChange.ClaimsChanged(row, by, now), ct);
}

/// <summary>An account and what the authority keeps beside it.</summary>
internal sealed record ManagedAccount(Account Account, Subject Subject);

/// <summary>A page.</summary>
internal sealed record AccountPage(IReadOnlyList<ManagedAccount> Items, SubjectId? Next);

/// <summary>What to change.</summary>
internal sealed record AccountChange(IReadOnlyList<string>? Roles, bool? Disabled, string? DisplayName, string? Email);
