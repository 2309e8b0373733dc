using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Operations;
using Symbolon.Sessions;

namespace Symbolon.Mock.Profiles;

/// <summary>What originals let a token alone do to an account, where the engine asks for the password.</summary>
internal sealed class ProfileAccounts(IUserStore<SymbolonUser> store, ILookupNormalizer names, IPasswordHasher<SymbolonUser> hasher, DeleteAccount delete, ProfileUsers users)
{
    /// <summary>Those of a call's world.</summary>
    public static ProfileAccounts Of(ProfileCall call)
    {
        var engine = call.World.Engine;
        return new ProfileAccounts(
            engine.GetRequiredService<IUserStore<SymbolonUser>>(), engine.GetRequiredService<ILookupNormalizer>(), engine.GetRequiredService<IPasswordHasher<SymbolonUser>>(),
            engine.GetRequiredService<DeleteAccount>(), call.World.Users);
    }

    /// <summary>Changes what is wished; false when the user name is another's. A new user name ends the account's sessions: tokens name the old one.</summary>
    public async Task<bool> ChangeAsync(SubjectId id, AccountWish wish, CancellationToken ct)
    {
        if (await store.FindByIdAsync(id.Value, ct) is not { } user) return false;
        user.DisplayName = wish.Name ?? user.DisplayName;
        if (wish.Password is { } password) user.PasswordHash = hasher.HashPassword(user, password);
        if (wish.UserName is { } name && names.NormalizeName(name) != user.NormalizedUserName)
        {
            (user.UserName, user.NormalizedUserName, user.Email, user.NormalizedEmail) = (name, names.NormalizeName(name), name, names.NormalizeEmail(name));
            user.SecurityStamp = Guid.NewGuid().ToString("N");
        }

        return (await store.UpdateAsync(user, ct)).Succeeded;
    }

    /// <summary>Deletes an account and ends its sessions.</summary>
    public async Task DeleteAsync(Account account)
    {
        await delete.EraseAsync(account.Id, by: account.Id.Value);
        users.Remove(account.UserName);
    }
}

/// <summary>What to change; null for what stays.</summary>
internal sealed record AccountWish(string? Name, string? UserName, string? Password)
{
    public override string ToString() => nameof(AccountWish); // it may hold a password
}
