using System.Data.Common;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Accounts;

/// <summary>The accounts of an application that uses ASP.NET Core Identity, under the application's own rules.</summary>
/// <remarks>A scope of its own for each call: a store that tracks entities must not answer with what it read before. DESIGN §8.</remarks>
internal sealed partial class IdentityAccounts<TUser>(IServiceScopeFactory scopes, PasswordHashing hashing, UserMapping<TUser> mapping, TimeProvider time)
    : AccountDirectory where TUser : class, new()
{
    private readonly SubjectId nobody = new(Guid.NewGuid().ToString());

    private readonly Lazy<string> nobodysHash = new(() =>
    {
        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetRequiredService<IPasswordHasher<TUser>>().HashPassword(new TUser(), Guid.NewGuid().ToString());
    });

    public override async ValueTask<Account?> FindAsync(SubjectId id, CancellationToken ct) => await OnStoreAsync(async scope =>
    {
        var store = Store(scope); // on the path of every refresh: reading needs no UserManager, which only passes it on
        return await FindAsync(store, id, ct) is { } user ? await ReadAsync(store, user, ct) : null;
    });

    public override async ValueTask<SubjectId?> FindIdAsync(string userName, CancellationToken ct) => await OnStoreAsync<SubjectId?>(async scope =>
    {
        var users = Users(scope);
        return await users.FindByNameAsync(userName) is { } user ? new SubjectId(await users.GetUserIdAsync(user)) : null;
    });

    public override string Normalize(string userName)
    {
        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetRequiredService<UserManager<TUser>>().NormalizeName(userName) ?? "";
    }

    // Hash and stamp come from one read, so that a session never starts with an old password and a new stamp.
    public override Task<PasswordCheck> CheckPasswordAsync(SubjectId? id, string password, CancellationToken ct) => OnStoreAsync<PasswordCheck>(async scope =>
    {
        var (users, store) = (Users(scope), Store(scope));
        var user = await FindAsync(store, id ?? nobody, ct); // looked for even when there is none, so that both cost the same
        var hash = user is null ? null : await store.GetPasswordHashAsync(user, ct);
        var result = await hashing.RunAsync(() => users.PasswordHasher.VerifyHashedPassword(user ?? new TUser(), hash ?? nobodysHash.Value, password), ct);
        if (user is null || hash is null || result == PasswordVerificationResult.Failed) return new PasswordCheck.Wrong();

        var account = await ReadAsync(store, user, ct);
        if (result == PasswordVerificationResult.SuccessRehashNeeded) await RenewHashAsync(store, users, user, password, ct);
        return await ObstacleAsync(scope, users, user) is { } why ? new PasswordCheck.NotAllowed(why) : new PasswordCheck.Accepted(account);
    });

    private static async Task<SignInObstacle?> ObstacleAsync(AsyncServiceScope scope, UserManager<TUser> users, TUser user) =>
        !await scope.ServiceProvider.GetRequiredService<SignInManager<TUser>>().CanSignInAsync(user) ? SignInObstacle.Refused
        : users.SupportsUserLockout && await users.IsLockedOutAsync(user) ? SignInObstacle.Refused
        : users.SupportsUserTwoFactor && await users.GetTwoFactorEnabledAsync(user) ? SignInObstacle.SecondFactor
        : null;

    // Not through UserManager: it would change the security stamp, and so end the user's other sessions.
    private async Task RenewHashAsync(IUserPasswordStore<TUser> store, UserManager<TUser> users, TUser user, string password, CancellationToken ct)
    {
        try
        {
            var renewed = await hashing.RunAsync(() => users.PasswordHasher.HashPassword(user, password), ct);
            await store.SetPasswordHashAsync(user, renewed, ct);
            await store.UpdateAsync(user, ct); // lost to a parallel change: then the next log-in renews it
        }
        catch (StoreUnavailableException)
        {
            // The log-in is right all the same; the next one renews the hash.
        }
    }

    private async Task<Account> ReadAsync(IUserPasswordStore<TUser> store, TUser user, CancellationToken ct) => new(
        new SubjectId(await store.GetUserIdAsync(user, ct)),
        await store.GetUserNameAsync(user, ct) ?? "",
        store is IUserEmailStore<TUser> emails ? await emails.GetEmailAsync(user, ct) : null,
        mapping.GetDisplayName(user),
        store is IUserRoleStore<TUser> roles ? [.. await roles.GetRolesAsync(user, ct)] : [],
        await StampAsync(store, user, ct),
        mapping.GetCreatedAt(user),
        mapping.GetClaims(user));

    // Rows from before Identity kept stamps have none.
    private static async Task<Bytes16> StampAsync(IUserPasswordStore<TUser> store, TUser user, CancellationToken ct) =>
        Bytes16.HashOf(await ((IUserSecurityStampStore<TUser>)store).GetSecurityStampAsync(user, ct) ?? "");

    // An id that cannot be one of the application's (its ids may be numbers) is nobody's.
    private static async Task<TUser?> FindAsync(IUserPasswordStore<TUser> store, SubjectId id, CancellationToken ct)
    {
        try
        {
            return await store.FindByIdAsync(id.Value, ct);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException || e.InnerException is FormatException or OverflowException)
        {
            return null;
        }
    }

    // The application's database may be out as well as ours; callers are told the same.
    private async Task<T> OnStoreAsync<T>(Func<AsyncServiceScope, Task<T>> run)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            return await run(scope);
        }
        catch (Exception e) when (e is DbException or TimeoutException || e.InnerException is DbException)
        {
            throw new StoreUnavailableException("The application's accounts cannot be used now.", e);
        }
    }

    private static UserManager<TUser> Users(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<UserManager<TUser>>();

    private static IUserPasswordStore<TUser> Store(AsyncServiceScope scope) =>
        (IUserPasswordStore<TUser>)scope.ServiceProvider.GetRequiredService<IUserStore<TUser>>();
}
