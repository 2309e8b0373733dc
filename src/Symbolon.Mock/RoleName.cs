namespace Symbolon.Mock;

/// <summary>Names of roles, in files and in calls.</summary>
internal static class RoleName
{
    /// <summary>What is expected, for messages.</summary>
    public const string Form = "a role: 1 to 64 characters";

    private const int Longest = 64;

    /// <summary>Whether a text can be one.</summary>
    public static bool IsOne(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= Longest && !text.Any(char.IsControl);
}
