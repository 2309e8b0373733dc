namespace Symbolon.Mock;

/// <summary>The accounts of a mock that was told none.</summary>
internal static class DefaultAccounts
{
    public static IReadOnlyList<MockAccount> All { get; } =
    [
        new MockAccount("admin", "admin", "admin") { DisplayName = "Administrator" },
        new MockAccount("user", "user") { DisplayName = "User" },
    ];
}
