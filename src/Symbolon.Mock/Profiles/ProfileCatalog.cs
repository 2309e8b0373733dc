using System.Text.Json.Nodes;
using Symbolon.AspNetCore;
using Symbolon.Mock.Files;
using Symbolon.Mock.Profiles.Originals;

namespace Symbolon.Mock.Profiles;

/// <summary>The profiles that there are.</summary>
internal static class ProfileCatalog
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<ProfileDefinition> All { get; } =
    [
        MockAuthBackend.Definition, MockUserAuth.Definition, FakeApiJwtJsonServer.Definition, FullMocksApi.Definition,
        ReactJwtAuthentication.Definition, NodeJwtAuthentication.Definition, ReactRoleBasedAuthorization.Definition, NodeMongoRefreshTokens.Definition,
    ];

    /// <summary>The profile that is wished for.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="settings">How it is wished for.</param>
    /// <param name="accounts">Other accounts than the original's, or null.</param>
    /// <param name="data">Other data, or null.</param>
    /// <exception cref="MockOptionsException">There is none, or it takes no such thing.</exception>
    public static Profile Make(string name, ProfileSettings settings, IReadOnlyList<MockAccount>? accounts, JsonObject? data)
    {
        var definition = All.FirstOrDefault(profile => profile.Name == name) ?? throw new MockOptionsException(Unknown(name));
        if (data is not null && definition.Data is null) throw new MockOptionsException($"The profile '{name}' serves no data. Leave out the data file.");
        if (settings.RoleRoutes.Count > 0 && !definition.TakesRoutes) throw new MockOptionsException($"The profile '{name}' has its own routes. Leave out the routes.");
        if (settings.RoleRoutes.FirstOrDefault(route => route.Roles.Count != 1 || route.Path.Contains('*', StringComparison.Ordinal)) is { } wrong)
            throw new MockOptionsException($"The profile '{name}' takes routes with one role and without *, but not '{wrong.Path}'.");
        if (settings.RoleRoutes.FirstOrDefault(SaysMore) is { } more)
            throw new MockOptionsException($"The profile '{name}' takes the path and the role of a route and answers as its original does, but '{more.Path}' says more.");
        return new Profile(definition, settings, accounts, data);
    }

    private static bool SaysMore(MockRoute route) =>
        route.Methods.Count > 0 || route.IsAnonymous || route.Scope is not null || route.Mode != SymbolonMode.Revocable || route.Status != 200 || route.Body is not null;

    private static string Unknown(string name)
    {
        string[] names = [.. All.Select(profile => profile.Name)];
        var meant = Typo.Meant(name, names);
        return $"There is no profile '{name}'.{(meant is null ? "" : $" Did you mean '{meant}'?")} Known: {string.Join(", ", names)}.";
    }
}
