using System.Collections.Concurrent;
using Microsoft.AspNetCore.Identity;

namespace Symbolon.Authority.Tests.Embedding;

/// <summary>A user as an application that was there before us has it.</summary>
public sealed class AppUser : IdentityUser
{
    public string Tenant { get; set; } = "acme";

    public string? Nickname { get; set; }

    public IList<string> RoleNames { get; set; } = [];

    public AppUser Copy()
    {
        var copy = (AppUser)MemberwiseClone();
        copy.RoleNames = [.. RoleNames];
        return copy;
    }
}

/// <summary>The application's own store: rows are copied in and out, and a row that changed meanwhile is refused.</summary>
internal sealed class AppUserStore :
    IUserPasswordStore<AppUser>, IUserSecurityStampStore<AppUser>, IUserEmailStore<AppUser>, IUserRoleStore<AppUser>, IUserTwoFactorStore<AppUser>
{
    private static readonly IdentityErrorDescriber Errors = new();
    private readonly ConcurrentDictionary<string, AppUser> rows = new();

    public AppUser Row(string name) => rows.Values.Single(row => row.UserName == name).Copy();

    public Task<IdentityResult> CreateAsync(AppUser user, CancellationToken cancellationToken) =>
        Result(rows.TryAdd(user.Id, user.Copy()), Errors.DuplicateUserName(user.UserName!));

    public Task<IdentityResult> UpdateAsync(AppUser user, CancellationToken cancellationToken)
    {
        if (!rows.TryGetValue(user.Id, out var row) || row.ConcurrencyStamp != user.ConcurrencyStamp) return Result(false, Errors.ConcurrencyFailure());
        user.ConcurrencyStamp = Guid.NewGuid().ToString();
        return Result(rows.TryUpdate(user.Id, user.Copy(), row), Errors.ConcurrencyFailure());
    }

    public Task<IdentityResult> DeleteAsync(AppUser user, CancellationToken cancellationToken) => Result(rows.TryRemove(user.Id, out _), Errors.ConcurrencyFailure());

    public Task<AppUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(rows.GetValueOrDefault(userId)?.Copy());

    public Task<AppUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        Task.FromResult(rows.Values.FirstOrDefault(row => row.NormalizedUserName == normalizedUserName)?.Copy());

    public Task<AppUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        Task.FromResult(rows.Values.FirstOrDefault(row => row.NormalizedEmail == normalizedEmail)?.Copy());

    public Task<IList<AppUser>> GetUsersInRoleAsync(string roleName, CancellationToken cancellationToken) =>
        Task.FromResult<IList<AppUser>>([.. rows.Values.Where(row => row.RoleNames.Contains(roleName)).Select(row => row.Copy())]);

    public Task<string> GetUserIdAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.UserName);

    public Task<string?> GetNormalizedUserNameAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedUserName);

    public Task<string?> GetPasswordHashAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task<string?> GetSecurityStampAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.SecurityStamp);

    public Task<string?> GetEmailAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.Email);

    public Task<string?> GetNormalizedEmailAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedEmail);

    public Task<bool> GetEmailConfirmedAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.EmailConfirmed);

    public Task<bool> GetTwoFactorEnabledAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.TwoFactorEnabled);

    public Task<IList<string>> GetRolesAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult<IList<string>>([.. user.RoleNames]);

    public Task<bool> IsInRoleAsync(AppUser user, string roleName, CancellationToken cancellationToken) => Task.FromResult(user.RoleNames.Contains(roleName));

    public Task SetUserNameAsync(AppUser user, string? userName, CancellationToken cancellationToken) => Set(user.UserName = userName);

    public Task SetNormalizedUserNameAsync(AppUser user, string? normalizedName, CancellationToken cancellationToken) => Set(user.NormalizedUserName = normalizedName);

    public Task SetPasswordHashAsync(AppUser user, string? passwordHash, CancellationToken cancellationToken) => Set(user.PasswordHash = passwordHash);

    public Task SetSecurityStampAsync(AppUser user, string stamp, CancellationToken cancellationToken) => Set(user.SecurityStamp = stamp);

    public Task SetEmailAsync(AppUser user, string? email, CancellationToken cancellationToken) => Set(user.Email = email);

    public Task SetNormalizedEmailAsync(AppUser user, string? normalizedEmail, CancellationToken cancellationToken) => Set(user.NormalizedEmail = normalizedEmail);

    public Task SetEmailConfirmedAsync(AppUser user, bool confirmed, CancellationToken cancellationToken) => Set(user.EmailConfirmed = confirmed);

    public Task SetTwoFactorEnabledAsync(AppUser user, bool enabled, CancellationToken cancellationToken) => Set(user.TwoFactorEnabled = enabled);

    public Task AddToRoleAsync(AppUser user, string roleName, CancellationToken cancellationToken)
    {
        user.RoleNames.Add(roleName);
        return Task.CompletedTask;
    }

    public Task RemoveFromRoleAsync(AppUser user, string roleName, CancellationToken cancellationToken) => Set(user.RoleNames.Remove(roleName));

    public void Dispose()
    {
    }

    private static Task<IdentityResult> Result(bool done, IdentityError error) => Task.FromResult(done ? IdentityResult.Success : IdentityResult.Failed(error));

    private static Task Set<T>(T _) => Task.CompletedTask;
}
