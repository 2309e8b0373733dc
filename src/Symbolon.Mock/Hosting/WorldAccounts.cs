using Microsoft.AspNetCore.Identity;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Operations;
using Symbolon.Sessions;

namespace Symbolon.Mock.Hosting;

/// <summary>Makes the accounts that a world starts with: straight into the store, since their names and passwords need not keep the rules of registration.</summary>
internal sealed class WorldAccounts(IUserStore<SymbolonUser> store, ILookupNormalizer names, IPasswordHasher<SymbolonUser> hasher, ChangeSubject change, SeededKeys keys, TimeProvider time)
{
    public async Task MakeAsync(IEnumerable<MockAccount> accounts, CancellationToken ct)
    {
        foreach (var account in accounts) await MakeAsync(account, ct);
    }

    private async Task MakeAsync(MockAccount account, CancellationToken ct)
    {
        var name = names.NormalizeName(account.UserName);
        if (await store.FindByNameAsync(name, ct) is not null) throw new MockOptionsException($"Two accounts have the user name '{account.UserName}', or ones that look alike.");
        var user = new SymbolonUser
        {
            Id = keys.UserId(name),
            UserName = account.UserName,
            NormalizedUserName = name,
            Email = account.Email,
            NormalizedEmail = names.NormalizeEmail(account.Email),
            DisplayName = account.DisplayName,
            SecurityStamp = Guid.NewGuid().ToString("N"),
            Roles = [.. account.Roles.Select(SymbolonUser.RoleOf)],
            CreatedAt = time.GetUtcNow(),
        };
        user.PasswordHash = hasher.HashPassword(user, account.Password);
        await store.CreateAsync(user, ct);
        var subject = new SubjectId(user.Id);
        await change.RunAsync(subject, SubjectChange.Created, ct);
        if (account.IsDisabled) await change.RunAsync(subject, (row, now) => SubjectChange.Disable(row, by: null, now), ct);
    }
}
