namespace Symbolon.Authority.Accounts;

/// <summary>Which roles an account may have. They travel in every access token, which has a size budget.</summary>
internal static class RoleRules
{
    /// <summary>What one role is, for messages.</summary>
    public const string OneForm = "1 to 64 characters (letters, digits and . _ : -)";

    /// <summary>What a list of roles is, for messages.</summary>
    public const string Form = $"at most 16 names of {OneForm}, 200 in all";

    private const int Most = 16, Longest = 64, LongestTogether = 200;

    /// <summary>Whether a text can be a role.</summary>
    public static bool IsRole(string? role) =>
        role?.Length is > 0 and <= Longest && role.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');

    /// <summary>Whether a list can be the roles of an account.</summary>
    public static bool Fit(IReadOnlyList<string> roles) => roles.Count <= Most && roles.All(IsRole) && roles.Sum(role => role.Length) <= LongestTogether;
}
