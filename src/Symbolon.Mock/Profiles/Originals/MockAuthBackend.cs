using System.Text.Json.Nodes;

namespace Symbolon.Mock.Profiles.Originals;

/// <summary><c>mock-auth-backend</c> (alex-c): one log-in, one protected route, and routes that need a role.</summary>
internal static class MockAuthBackend
{
    private static readonly IReadOnlyList<MockRoute> OwnRoutes = [new MockRoute("/admin") { Roles = ["admin"] }];
    private static readonly ProfileAnswer Refused = new(401);

    public static ProfileDefinition Definition { get; } = new("mock-auth-backend")
    {
        Url = "http://localhost:8085",
        Accounts = [new MockAccount("a@b.com", "test", "admin"), new MockAccount("c@d.com", "test")],
        Show = user => new JsonObject { ["user"] = user.Account.UserName },
        Token = new ProfileTokenForm("supda-dupa-secret", Lifetime: null, Claims) { Read = call => call.World.Settings.IsBugCompatible ? ProfileTokenForm.AfterAnyScheme(call) : ProfileTokenForm.AfterScheme(call, "Bearer") },
        TakesRoutes = true,
        Routes = settings =>
        [
            new("POST", "/auth", LogIn),
            new("GET", "/protected", Guard.SignedIn(Refused, _ => ProfileAnswer.Message(200, "Successfully authorized!"))),
            .. RoleRoutes(settings).Select(route => OfRole(route.Path, settings.IsBugCompatible ? RoleRoutes(settings)[^1].Roles[0] : route.Roles[0])),
            ProfileRoute.Otherwise(_ => ProfileAnswer.Message(404, "Route not found!")),
        ],
        Bugs = ["with several role routes all check the last one's role", "any scheme in the authorization header is taken"],
    };

    private static async Task<ProfileAnswer> LogIn(ProfileCall call) =>
        await call.World.SignIn.LogInAsync(call, call.Text("identifier"), call.Text("password")) is { } login
            ? ProfileAnswer.Ok(new JsonObject { ["message"] = "Login successful!", ["token"] = login.Token })
            : Refused;

    private static ProfileRoute OfRole(string path, string role) =>
        new("GET", path, Guard.WithRole(role, Refused, _ => ProfileAnswer.Message(200, $"Successfully authorized with role '{role}'!")));

    private static JsonObject Claims(ProfileCall call, ProfileUser user)
    {
        var claims = new JsonObject { ["user"] = user.Account.UserName };
        foreach (var role in RoleRoutes(call.World.Settings).Select(route => route.Roles[0]).Distinct()) claims[role] = user.Has(role);
        return claims;
    }

    private static IReadOnlyList<MockRoute> RoleRoutes(ProfileSettings settings) => settings.RoleRoutes.Count > 0 ? settings.RoleRoutes : OwnRoutes;
}
