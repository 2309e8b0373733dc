using System.Text.Json.Nodes;
using Symbolon.Authority.Accounts;

namespace Symbolon.Mock.Profiles.Originals;

/// <summary><c>mock-user-auth</c> (thiagoluiznunes): users that register, read, change and delete themselves. The token comes bare: in the header, the query or the body.</summary>
internal static class MockUserAuth
{
    private const string Picture = "https://almsaeedstudio.com/themes/AdminLTE/dist/img/user2-160x160.jpg";
    private const string AdminKey = "keyadmin123";

    public static ProfileDefinition Definition { get; } = new("mock-user-auth")
    {
        Url = "http://localhost:3000",
        Accounts = [new MockAccount("user@gmail.com", "user123") { Email = "user@gmail.com", DisplayName = "user" }],
        FirstId = 46643,
        Show = user => new JsonObject
        {
            ["id"] = user.Id, ["name"] = user.Account.DisplayName, ["email"] = user.Account.UserName, ["imageUrl"] = user.Facts.ImageUrl ?? Picture,
        },
        Token = new ProfileTokenForm("authsecret123", TimeSpan.FromHours(24), (_, user) => new JsonObject { ["email"] = user.Account.UserName, ["id"] = user.Id }) { Read = ReadToken },
        Routes = _ =>
        [
            new("POST", "/api/v1/auth", LogIn),
            new("POST", "/api/v1/users", Register),
            new("GET", "/api/v1/users", Guard.SignedIn(ProfileAnswer.Message(403, "Unauthorized"), call => ProfileAnswer.Ok(Shapes.Shown(call, call.Caller.User)))),
            new("PATCH", "/api/v1/users", Guard.SignedIn(ProfileAnswer.Message(403, "Unauthorized"), Change)),
            new("DELETE", "/api/v1/users", Guard.SignedIn(ProfileAnswer.Message(403, "Unauthorized to delete"), Delete)),
            new("DELETE", "/api/v1/all-users", DeleteAll),
        ],
        ShowsPasswords = true,
        Bugs = ["the user is answered with the password"],
    };

    private static async Task<ProfileAnswer> LogIn(ProfileCall call) => await call.World.SignIn.LogInAsync(call, call.Text("email"), call.Text("password")) is { } login
        ? ProfileAnswer.Ok(new JsonObject { ["token"] = login.Token })
        : ProfileAnswer.Message(401, "Incorrect email or password");

    private static async Task<ProfileAnswer> Register(ProfileCall call)
    {
        var (name, email, password) = (call.Text("name"), call.Text("email"), call.Text("password"));
        if (email.Length == 0 || password.Length == 0) return ProfileAnswer.Message(400, "Write email and password");
        return await call.World.SignIn.RegisterAsync(call, new NewAccount(email, password, email, name, Roles: [])) is { } login
            ? ProfileAnswer.Ok(new JsonObject { ["message"] = "User registered with success", ["token"] = login.Token })
            : ProfileAnswer.Message(401, "User already registered");
    }

    private static async Task<ProfileAnswer> Change(ProfileCall call)
    {
        var (before, email, password, picture) = (call.Caller.User, call.Text("email"), call.Text("password"), call.Text("imageUrl"));
        var change = new AccountWish(Wished(call.Text("name")), Wished(email), Wished(password));
        if (!await ProfileAccounts.Of(call).ChangeAsync(before.Account.Id, change, call.Http.RequestAborted)) return ProfileAnswer.Message(401, "User already registered");
        call.World.Users.Change(before.Account.UserName, change.UserName ?? before.Account.UserName, facts => facts with
        {
            Password = facts.Password is null ? null : change.Password ?? facts.Password,
            ImageUrl = Wished(picture) ?? facts.ImageUrl,
        });
        var account = await call.World.Accounts.FindAsync(before.Account.Id, call.Http.RequestAborted);
        return ProfileAnswer.Ok(new JsonObject { ["data"] = Shapes.Shown(call, call.World.Users.Of(account!)), ["message"] = "User updated with success!" });
    }

    private static async Task<ProfileAnswer> Delete(ProfileCall call)
    {
        await ProfileAccounts.Of(call).DeleteAsync(call.Caller.User.Account);
        return ProfileAnswer.Message(200, "User deleted with success!");
    }

    private static async Task<ProfileAnswer> DeleteAll(ProfileCall call)
    {
        if (call.Text("key_admin") != AdminKey) return ProfileAnswer.Message(403, "Unauthorized access");
        foreach (var user in await call.World.Users.AllAsync(call.Http.RequestAborted)) await ProfileAccounts.Of(call).DeleteAsync(user.Account);
        return ProfileAnswer.Message(200, "Users deleted with success");
    }

    private static string? ReadToken(ProfileCall call) => Wished(call.Text("token")) ?? Wished(call.Http.Request.Query["token"].ToString()) ?? Wished(call.Http.Request.Headers.Authorization.ToString());

    private static string? Wished(string text) => text.Length > 0 ? text : null;
}
