namespace Symbolon.Mock;

/// <summary>An account that a mock starts with. It may break the rules of registration: passwords such as <c>admin</c> are fine here.</summary>
/// <param name="UserName">The user name.</param>
/// <param name="Password">The password.</param>
/// <param name="Roles">Its roles, for example <c>admin</c>.</param>
public sealed record MockAccount(string UserName, string Password, params IReadOnlyList<string> Roles)
{
    /// <summary>The name to show, or null.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The e-mail address, or null.</summary>
    public string? Email { get; init; }

    /// <summary>Whether it is disabled: it may not log in.</summary>
    public bool IsDisabled { get; init; }

    /// <inheritdoc/>
    public override string ToString() => UserName; // a record would print its password
}
