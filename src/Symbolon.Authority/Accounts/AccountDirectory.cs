using System.Text.Json;
using Symbolon.Sessions;

namespace Symbolon.Authority.Accounts;

/// <summary>What holds the accounts, as the operations see it. Each call reads afresh: decisions never use a cached account.</summary>
internal abstract class AccountDirectory
{
    /// <summary>The account, or null when it is gone.</summary>
    public abstract ValueTask<Account?> FindAsync(SubjectId id, CancellationToken ct);

    /// <summary>The account of a user name or null.</summary>
    public abstract ValueTask<SubjectId?> FindIdAsync(string userName, CancellationToken ct);

    /// <summary>A name in the form in which names are compared.</summary>
    public abstract string Normalize(string userName);

    /// <summary>Checks a password. An id of nobody takes the same time.</summary>
    public abstract Task<PasswordCheck> CheckPasswordAsync(SubjectId? id, string password, CancellationToken ct);

    /// <summary>Makes an account.</summary>
    public abstract Task<AccountResult> CreateAsync(NewAccount account, CancellationToken ct);

    /// <summary>Hashes a new password that keeps the rules; nothing is written yet, so that what may be refused is refused before anything ends.</summary>
    public abstract Task<NewPassword> HashNewPasswordAsync(SubjectId id, string password, CancellationToken ct);

    /// <summary>Writes a password's hash and a new security stamp.</summary>
    public abstract Task<AccountResult> SetPasswordAsync(SubjectId id, NewPassword.Hashed password, CancellationToken ct);

    /// <summary>Writes a profile; what is null stays as it is, what is empty is removed.</summary>
    public abstract Task<AccountResult> SetProfileAsync(SubjectId id, string? displayName, string? email, CancellationToken ct);

    /// <summary>Writes the roles.</summary>
    public abstract Task<AccountResult> SetRolesAsync(SubjectId id, IReadOnlyList<string> roles, CancellationToken ct);

    /// <summary>Deletes the account; one that is gone already is fine.</summary>
    public abstract Task DeleteAsync(SubjectId id, CancellationToken ct);
}

/// <summary>An account as it is now.</summary>
/// <param name="Id">Its id.</param>
/// <param name="UserName">Its user name.</param>
/// <param name="Email">Its e-mail address, or null.</param>
/// <param name="DisplayName">Its display name, or null.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Stamp">Hash of its security stamp, from the same read.</param>
/// <param name="CreatedAt">When it was made, where that is known.</param>
/// <param name="Claims">The application's own claims for its access tokens.</param>
internal sealed record Account(
    SubjectId Id, string UserName, string? Email, string? DisplayName, IReadOnlyList<string> Roles, Bytes16 Stamp, DateTimeOffset? CreatedAt,
    IReadOnlyDictionary<string, JsonElement> Claims);

/// <summary>What a registration brings.</summary>
internal sealed record NewAccount(string UserName, string Password, string? Email, string? DisplayName, IReadOnlyList<string> Roles);

/// <summary>What checking a password found.</summary>
internal abstract record PasswordCheck
{
    private PasswordCheck() { }

    /// <summary>The password is right, and the account may sign in.</summary>
    public sealed record Accepted(Account Account) : PasswordCheck;

    /// <summary>No such account, or another password.</summary>
    public sealed record Wrong : PasswordCheck;

    /// <summary>The password is right, and the application's rules do not let the account in.</summary>
    public sealed record NotAllowed(SignInObstacle Why) : PasswordCheck;
}

/// <summary>Why an account with a right password may not sign in.</summary>
internal enum SignInObstacle
{
    /// <summary>The application says no: an unconfirmed e-mail address, a lock.</summary>
    Refused,

    /// <summary>A second factor is on.</summary>
    SecondFactor,
}

/// <summary>What writing an account led to.</summary>
internal abstract record AccountResult
{
    private AccountResult() { }

    /// <summary>Written; the account as it now is, and the stamp that the write has replaced.</summary>
    public sealed record Written(Account Account, Bytes16 StampBefore) : AccountResult;

    /// <summary>There is no such account.</summary>
    public sealed record Gone : AccountResult;

    /// <summary>The user name is another's.</summary>
    public sealed record NameTaken : AccountResult;

    /// <summary>The password breaks these rules.</summary>
    public sealed record WeakPassword(string Why) : AccountResult;

    /// <summary>Something else breaks these rules.</summary>
    public sealed record Invalid(string Why) : AccountResult;
}

/// <summary>A new password, judged.</summary>
internal abstract record NewPassword
{
    private NewPassword() { }

    /// <summary>Good; its hash.</summary>
    public sealed record Hashed(string Hash) : NewPassword
    {
        public override string ToString() => nameof(Hashed); // a record would print its hash
    }

    /// <summary>Not accepted.</summary>
    public sealed record Refused(AccountResult Why) : NewPassword;
}
