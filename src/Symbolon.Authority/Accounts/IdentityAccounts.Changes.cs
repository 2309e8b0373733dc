using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Accounts;

/// <summary>Writing accounts through the application's Identity: its validators, its stores, its errors.</summary>
internal sealed partial class IdentityAccounts<TUser>
{
    public override async Task<AccountResult> CreateAsync(NewAccount account, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (users, user) = (Users(scope), new TUser());
        await Passwords(scope).SetUserNameAsync(user, account.UserName, ct); // UserManager's own would write an account that is not there yet
        if (account.Email is not null && users.SupportsUserEmail) await Emails(scope).SetEmailAsync(user, account.Email, ct);
        mapping.SetDisplayName(user, account.DisplayName);
        mapping.SetCreatedAt(user, time.GetUtcNow());
        if (await WeaknessAsync(users, user, account.Password) is { } weak) return weak;

        var hash = await hashing.RunAsync(() => users.PasswordHasher.HashPassword(user, account.Password), ct);
        await Passwords(scope).SetPasswordHashAsync(user, hash, ct);
        var created = await users.CreateAsync(user);
        if (created.Succeeded && account.Roles.Count > 0) created = await users.AddToRolesAsync(user, account.Roles);
        return created.Succeeded ? new AccountResult.Written(await ReadAsync(users, user)) : Explain(created)!;
    }

    public override async Task<AccountResult?> CheckNewPasswordAsync(SubjectId id, string password, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        return await users.FindByIdAsync(id.Value) is { } user ? await WeaknessAsync(users, user, password) : new AccountResult.Gone();
    }

    public override Task<AccountResult> SetPasswordAsync(SubjectId id, string password, CancellationToken ct) => ChangeAsync(id, async (scope, users, user) =>
    {
        var hash = await hashing.RunAsync(() => users.PasswordHasher.HashPassword(user, password), ct);
        await Passwords(scope).SetPasswordHashAsync(user, hash, ct);
        return Explain(await users.UpdateSecurityStampAsync(user)); // writes both in one update
    });

    public override Task<AccountResult> SetProfileAsync(SubjectId id, string? displayName, string? email, CancellationToken ct) => ChangeAsync(id, async (_, users, user) =>
    {
        if (displayName is not null) mapping.SetDisplayName(user, displayName.Length == 0 ? null : displayName);
        var changesEmail = email is not null && users.SupportsUserEmail && (email.Length == 0 ? null : email) != await users.GetEmailAsync(user);
        return Explain(changesEmail ? await users.SetEmailAsync(user, email!.Length == 0 ? null : email) : await users.UpdateAsync(user));
    });

    public override Task<AccountResult> SetRolesAsync(SubjectId id, IReadOnlyList<string> roles, CancellationToken ct) => ChangeAsync(id, async (_, users, user) =>
    {
        if (!users.SupportsUserRole) return new AccountResult.Invalid("The application's accounts have no roles.");
        var has = await users.GetRolesAsync(user);
        var (extra, missing) = (has.Except(roles).ToList(), roles.Except(has).ToList());
        try
        {
            var changed = extra.Count == 0 ? IdentityResult.Success : await users.RemoveFromRolesAsync(user, extra);
            return Explain(changed.Succeeded && missing.Count > 0 ? await users.AddToRolesAsync(user, missing) : changed);
        }
        catch (InvalidOperationException) when (missing.Count > 0)
        {
            return new AccountResult.Invalid("One of the roles does not exist in the application."); // Identity's own stores say so by throwing
        }
    });

    public override async Task DeleteAsync(SubjectId id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        if (await users.FindByIdAsync(id.Value) is { } user && !(await users.DeleteAsync(user)).Succeeded)
            throw new StoreUnavailableException("The account was changed by somebody else at the same time.");
    }

    private async Task<AccountResult> ChangeAsync(SubjectId id, Func<AsyncServiceScope, UserManager<TUser>, TUser, Task<AccountResult?>> change)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        if (await users.FindByIdAsync(id.Value) is not { } user) return new AccountResult.Gone();
        return await change(scope, users, user) ?? new AccountResult.Written(await ReadAsync(users, user));
    }

    private static async Task<AccountResult?> WeaknessAsync(UserManager<TUser> users, TUser user, string password)
    {
        foreach (var validator in users.PasswordValidators)
        {
            var result = await validator.ValidateAsync(users, user, password);
            if (!result.Succeeded) return new AccountResult.WeakPassword(Describe(result));
        }

        return null;
    }

    // Null when it succeeded. A lost race on the account's own concurrency stamp is nobody's mistake: try again.
    private static AccountResult? Explain(IdentityResult result)
    {
        if (result.Succeeded) return null;
        var codes = result.Errors.Select(error => error.Code).ToList();
        return codes.Contains(nameof(IdentityErrorDescriber.ConcurrencyFailure)) ? throw new StoreUnavailableException("The account was changed by somebody else at the same time.")
            : codes.Contains(nameof(IdentityErrorDescriber.DuplicateUserName)) ? new AccountResult.NameTaken()
            : codes.Exists(code => code.StartsWith("Password", StringComparison.Ordinal)) ? new AccountResult.WeakPassword(Describe(result))
            : new AccountResult.Invalid(Describe(result));
    }

    private static string Describe(IdentityResult result) => string.Join(' ', result.Errors.Select(error => error.Description));

    private static IUserEmailStore<TUser> Emails(AsyncServiceScope scope) =>
        (IUserEmailStore<TUser>)scope.ServiceProvider.GetRequiredService<IUserStore<TUser>>();
}
