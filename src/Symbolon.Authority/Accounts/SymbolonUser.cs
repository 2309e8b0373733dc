namespace Symbolon.Authority.Accounts;

/// <summary>An account of the server's own. Applications that have Identity users keep theirs instead.</summary>
/// <remarks>DESIGN §8. What the authority keeps beside any account (epoch, disabled, deleted) is in <see cref="Sessions.Subject"/>.</remarks>
public sealed class SymbolonUser
{
    /// <summary>The id, which is the claim <c>sub</c>: opaque, never reassigned. A new account gets a UUID.</summary>
    public string Id { get; set; } = Guid.CreateVersion7().ToString("D");

    /// <summary>The name as the user wrote it; 3 to 64 characters.</summary>
    public string UserName { get; set; } = "";

    /// <summary>The name as it is compared; unique.</summary>
    public string NormalizedUserName { get; set; } = "";

    /// <summary>The e-mail address, or null. Not an identifier.</summary>
    public string? Email { get; set; }

    /// <summary>The e-mail address as it is compared; not unique.</summary>
    public string? NormalizedEmail { get; set; }

    /// <summary>Whether the address was proven.</summary>
    public bool EmailConfirmed { get; set; }

    /// <summary>The name to show, or null.</summary>
    public string? DisplayName { get; set; }

    /// <summary>The password's hash, in the form of Identity's password hasher.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Changes with everything that ought to end the account's sessions.</summary>
    public string? SecurityStamp { get; set; }

    /// <summary>Roles in lower case, for example <c>admin</c>, as the claim carries them.</summary>
    public IList<string> Roles { get; set; } = [];

    /// <summary>When the account was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Changes with each write; a write that was decided on an older row fails.</summary>
    public string ConcurrencyStamp { get; set; } = Guid.NewGuid().ToString("N");

    /// <summary>A role in the form in which it is kept, whatever case it comes in.</summary>
    internal static string RoleOf(string name) => name.ToLowerInvariant();

    /// <summary>A copy of its own, so that a store and its caller never share one.</summary>
    internal SymbolonUser Copy()
    {
        var copy = (SymbolonUser)MemberwiseClone();
        copy.Roles = [.. Roles];
        return copy;
    }
}
