using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Accounts;

/// <summary>Writing accounts through the application's Identity: its validators, its stores, its errors.</summary>
internal sealed partial class IdentityAccounts<TUser>
{
    public override Task<AccountResult> CreateAsync(NewAccount account, CancellationToken ct) => OnStoreAsync<AccountResult>(async scope =>
    {
        var (users, store, user) = (Users(scope), Store(scope), new TUser());
        await store.SetUserNameAsync(user, account.UserName, ct); // UserManager's own would write an account that is not there yet
        if (account.Email is not null && users.SupportsUserEmail) await Emails(scope).SetEmailAsync(user, account.Email, ct);
        mapping.SetDisplayName(user, account.DisplayName);
        mapping.SetCreatedAt(user, time.GetUtcNow());
        foreach (var role in account.Roles) await ((IUserRoleStore<TUser>)store).AddToRoleAsync(user, users.NormalizeName(role), ct);
        if (await WeaknessAsync(users, user, account.Password) is { } weak) return weak;

        var hash = await hashing.RunAsync(() => users.PasswordHasher.HashPassword(user, account.Password), ct);
        await store.SetPasswordHashAsync(user, hash, ct);
        var created = await users.CreateAsync(user);
        return Explain(created) ?? new AccountResult.Written(await ReadAsync(store, user, ct), await StampAsync(store, user, ct));
    });

    public override Task<NewPassword> HashNewPasswordAsync(SubjectId id, string password, CancellationToken ct) => OnStoreAsync<NewPassword>(async scope =>
    {
        var users = Users(scope);
        if (await FindAsync(Store(scope), id, ct) is not { } user) return new NewPassword.Refused(new AccountResult.Gone());
        if (await WeaknessAsync(users, user, password) is { } weak) return new NewPassword.Refused(weak);
        return new NewPassword.Hashed(await hashing.RunAsync(() => users.PasswordHasher.HashPassword(user, password), ct));
    });

    public override Task<AccountResult> SetPasswordAsync(SubjectId id, NewPassword.Hashed password, CancellationToken ct) => ChangeAsync(id, async (scope, users, user) =>
    {
        await Store(scope).SetPasswordHashAsync(user, password.Hash, ct);
        return Explain(await users.UpdateSecurityStampAsync(user)); // writes both in one update
    }, ct);

    public override Task<AccountResult> SetProfileAsync(SubjectId id, string? displayName, string? email, CancellationToken ct) => ChangeAsync(id, async (_, users, user) =>
    {
        if (displayName is not null) mapping.SetDisplayName(user, displayName.Length == 0 ? null : displayName);
        var changesEmail = email is not null && users.SupportsUserEmail && (email.Length == 0 ? null : email) != await users.GetEmailAsync(user);
        return Explain(changesEmail ? await users.SetEmailAsync(user, email!.Length == 0 ? null : email) : await users.UpdateAsync(user));
    }, ct);

    // What is new is added before anything is taken away: a role that does not exist must not cost the account the ones it has.
    public override Task<AccountResult> SetRolesAsync(SubjectId id, IReadOnlyList<string> roles, CancellationToken ct) => ChangeAsync(id, async (_, users, user) =>
    {
        if (!users.SupportsUserRole) return new AccountResult.Invalid("The application's accounts have no roles.");
        var has = await users.GetRolesAsync(user);
        var wanted = roles.DistinctBy(users.NormalizeName).ToList();
        var (extra, missing) = (has.ExceptBy(wanted.Select(users.NormalizeName), users.NormalizeName).ToList(), wanted.ExceptBy(has.Select(users.NormalizeName), users.NormalizeName).ToList());
        try
        {
            var changed = missing.Count == 0 ? IdentityResult.Success : await users.AddToRolesAsync(user, missing);
            return Explain(changed.Succeeded && extra.Count > 0 ? await users.RemoveFromRolesAsync(user, extra) : changed);
        }
        catch (InvalidOperationException) when (missing.Count > 0)
        {
            return new AccountResult.Invalid("One of the roles does not exist in the application."); // Identity's own stores say so by throwing
        }
    }, ct);

    public override Task DeleteAsync(SubjectId id, CancellationToken ct) => OnStoreAsync(async scope =>
    {
        var users = Users(scope);
        if (await FindAsync(Store(scope), id, ct) is { } user && !(await users.DeleteAsync(user)).Succeeded)
            throw new StoreUnavailableException("The account was changed by somebody else at the same time.");
        return true;
    });

    private Task<AccountResult> ChangeAsync(SubjectId id, Func<AsyncServiceScope, UserManager<TUser>, TUser, Task<AccountResult?>> change, CancellationToken ct) => OnStoreAsync(async scope =>
    {
        var users = Users(scope);
        if (await FindAsync(Store(scope), id, ct) is not { } user) return new AccountResult.Gone();
        var before = await StampAsync(Store(scope), user, ct);
        return await change(scope, users, user) ?? new AccountResult.Written(await ReadAsync(Store(scope), user, ct), before);
    });

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
