namespace Symbolon.Mock.Routes;

/// <summary>The routes of a mock that was told none.</summary>
internal static class DefaultRoutes
{
    public static IReadOnlyList<MockRoute> All { get; } =
    [
        new MockRoute("/api/public") { IsAnonymous = true },
        new MockRoute("/api/admin/*") { Roles = ["admin"] },
        new MockRoute("/api/*"),
    ];
}
