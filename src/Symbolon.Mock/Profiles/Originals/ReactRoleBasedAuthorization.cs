using System.Globalization;

namespace Symbolon.Mock.Profiles.Originals;

/// <summary><c>react-role-based-authorization-example</c> (cornflourblue): an administrator who sees all users, and a user who sees himself.</summary>
internal static class ReactRoleBasedAuthorization
{
    public static ProfileDefinition Definition { get; } = new("react-role-based-authorization-example")
    {
        Url = "http://localhost:4000",
        Accounts = [new MockAccount("admin", "admin", "admin") { DisplayName = "Admin User" }, new MockAccount("user", "user") { DisplayName = "Normal User" }],
        Latency = TimeSpan.FromMilliseconds(500),
        Configure = authority => authority.AccessToken.Lifetime = TimeSpan.FromHours(1),
        Show = user =>
        {
            var shown = Shapes.Named(user);
            shown["role"] = user.Role;
            return shown;
        },
        Routes = _ =>
        [
            new("POST", "*/users/authenticate", Shapes.Authenticate),
            new("GET", "*/users", Guard.WithRole("admin", Shapes.Unauthorised, Shapes.List)),
            new("GET", "*/users/:id", Guard.SelfOrAdmin(Shapes.Unauthorised, user => user.Id.ToString(CultureInfo.InvariantCulture), One)),
        ],
        ShowsPasswords = true,
        Bugs = ["users are answered with their passwords"],
    };

    private static async Task<ProfileAnswer> One(ProfileCall call) =>
        (await call.World.Users.AllAsync(call.Http.RequestAborted)).FirstOrDefault(user => user.Id.ToString(CultureInfo.InvariantCulture) == call.Id) is { } found
            ? ProfileAnswer.Ok(Shapes.Shown(call, found)) : ProfileAnswer.NotFound;
}
