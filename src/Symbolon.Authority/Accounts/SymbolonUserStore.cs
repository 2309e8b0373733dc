using Microsoft.AspNetCore.Identity;

namespace Symbolon.Authority.Accounts;

/// <summary>What ASP.NET Core Identity asks of a store of <see cref="SymbolonUser"/>, down to five reads and three conditional writes.</summary>
internal abstract class SymbolonUserStore :
    IUserPasswordStore<SymbolonUser>, IUserSecurityStampStore<SymbolonUser>, IUserRoleStore<SymbolonUser>, IUserEmailStore<SymbolonUser>
{
    private static readonly IdentityErrorDescriber Errors = new();

    /// <summary>How a conditional write went.</summary>
    protected enum Commit
    {
        Done,
        NameTaken,
        Changed,
    }

    public abstract Task<SymbolonUser?> FindByIdAsync(string userId, CancellationToken cancellationToken);

    public abstract Task<SymbolonUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken);

    public abstract Task<SymbolonUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken);

    public abstract Task<IList<SymbolonUser>> GetUsersInRoleAsync(string roleName, CancellationToken cancellationToken);

    public async Task<IdentityResult> CreateAsync(SymbolonUser user, CancellationToken cancellationToken) =>
        Result(await InsertAsync(user, cancellationToken), user);

    public async Task<IdentityResult> UpdateAsync(SymbolonUser user, CancellationToken cancellationToken)
    {
        var stamp = Guid.NewGuid().ToString("N");
        var commit = await UpdateAsync(user, stamp, cancellationToken);
        if (commit is Commit.Done) user.ConcurrencyStamp = stamp;
        return Result(commit, user);
    }

    public async Task<IdentityResult> DeleteAsync(SymbolonUser user, CancellationToken cancellationToken) =>
        Result(await RemoveAsync(user, cancellationToken), user);

    public Task<string> GetUserIdAsync(SymbolonUser user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(SymbolonUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.UserName);

    public Task<string?> GetNormalizedUserNameAsync(SymbolonUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedUserName);

    public Task<string?> GetPasswordHashAsync(SymbolonUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(SymbolonUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task<string?> GetSecurityStampAsync(SymbolonUser user, CancellationToken cancellationToken) => Task.FromResult(user.SecurityStamp);

    public Task<string?> GetEmailAsync(SymbolonUser user, CancellationToken cancellationToken) => Task.FromResult(user.Email);

    public Task<string?> GetNormalizedEmailAsync(SymbolonUser user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedEmail);

    public Task<bool> GetEmailConfirmedAsync(SymbolonUser user, CancellationToken cancellationToken) => Task.FromResult(user.EmailConfirmed);

    public Task<IList<string>> GetRolesAsync(SymbolonUser user, CancellationToken cancellationToken) => Task.FromResult<IList<string>>([.. user.Roles]);

    public Task<bool> IsInRoleAsync(SymbolonUser user, string roleName, CancellationToken cancellationToken) =>
        Task.FromResult(user.Roles.Contains(SymbolonUser.RoleOf(roleName)));

    public Task SetUserNameAsync(SymbolonUser user, string? userName, CancellationToken cancellationToken) => Set(user.UserName = userName ?? "");

    public Task SetNormalizedUserNameAsync(SymbolonUser user, string? normalizedName, CancellationToken cancellationToken) =>
        Set(user.NormalizedUserName = normalizedName ?? "");

    public Task SetPasswordHashAsync(SymbolonUser user, string? passwordHash, CancellationToken cancellationToken) => Set(user.PasswordHash = passwordHash);

    public Task SetSecurityStampAsync(SymbolonUser user, string stamp, CancellationToken cancellationToken) => Set(user.SecurityStamp = stamp);

    public Task SetEmailAsync(SymbolonUser user, string? email, CancellationToken cancellationToken) => Set(user.Email = email);

    public Task SetNormalizedEmailAsync(SymbolonUser user, string? normalizedEmail, CancellationToken cancellationToken) =>
        Set(user.NormalizedEmail = normalizedEmail);

    public Task SetEmailConfirmedAsync(SymbolonUser user, bool confirmed, CancellationToken cancellationToken) => Set(user.EmailConfirmed = confirmed);

    // Identity hands over role names in its normal form, upper case; ours is lower case, as claims carry them.
    public Task AddToRoleAsync(SymbolonUser user, string roleName, CancellationToken cancellationToken)
    {
        var role = SymbolonUser.RoleOf(roleName);
        if (!user.Roles.Contains(role)) user.Roles.Add(role);
        return Task.CompletedTask;
    }

    public Task RemoveFromRoleAsync(SymbolonUser user, string roleName, CancellationToken cancellationToken) => Set(user.Roles.Remove(SymbolonUser.RoleOf(roleName)));

    // There is nothing to release, and the one store serves all scopes.
    void IDisposable.Dispose() { }

    /// <summary>Adds a user unless the name is taken.</summary>
    protected abstract Task<Commit> InsertAsync(SymbolonUser user, CancellationToken ct);

    /// <summary>Writes a user, with a new concurrency stamp, where it still carries the old one.</summary>
    protected abstract Task<Commit> UpdateAsync(SymbolonUser user, string stamp, CancellationToken ct);

    /// <summary>Removes a user where it still carries its concurrency stamp.</summary>
    protected abstract Task<Commit> RemoveAsync(SymbolonUser user, CancellationToken ct);

    private static IdentityResult Result(Commit commit, SymbolonUser user) => commit switch
    {
        Commit.Done => IdentityResult.Success,
        Commit.NameTaken => IdentityResult.Failed(Errors.DuplicateUserName(user.UserName)),
        _ => IdentityResult.Failed(Errors.ConcurrencyFailure()),
    };

    private static Task Set<T>(T _) => Task.CompletedTask;
}
