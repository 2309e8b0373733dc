using System.Text.Json.Nodes;
using Symbolon.Mock.Data;

namespace Symbolon.Mock.Profiles.Originals;

/// <summary><c>full-mocks-api</c> (abdelrahman-haridy01): like <see cref="FakeApiJwtJsonServer"/>, with names, a role in the answer, and the users among the data.</summary>
internal static class FullMocksApi
{
    private const string Users = "users";

    public static ProfileDefinition Definition { get; } = new("full-mocks-api")
    {
        Url = JsonServerAuth.Url,
        Accounts = [new MockAccount("admin@abharworks.com", "123456", "admin"), new MockAccount("user@abharworks.com", "user")],
        Show = user => new JsonObject { ["id"] = user.Id, ["email"] = user.Account.UserName, ["role"] = Role(user) },
        Token = new ProfileTokenForm(JsonServerAuth.Secret, JsonServerAuth.Lifetime, (_, user) => new JsonObject { ["email"] = user.Account.UserName }),
        Data = StartingData,
        Routes = _ => [new("POST", "/auth/register", Register), new("POST", "/auth/login", LogIn), JsonServerAuth.Rest],
        Bugs = ["the password is not checked"],
    };

    private static JsonObject StartingData(IReadOnlyList<MockAccount> accounts) => new()
    {
        ["notes"] = new JsonArray(Note(1, 1), Note(2, 1), Note(3, 2)),
        ["posts"] = new JsonArray(new JsonObject { ["id"] = 1, ["title"] = "A first post", ["description"] = "What it is about." }),
        [Users] = new JsonArray([.. accounts.Select((account, i) => User(account.UserName, account.Roles.Contains("admin") ? "admin" : "user", account.DisplayName, i + 1))]),
    };

    private static async Task<ProfileAnswer> LogIn(ProfileCall call)
    {
        var (email, password) = (call.Text("email"), call.Text("password"));
        var known = call.World.Settings.IsBugCompatible ? await call.World.Users.FindAsync(email, call.Http.RequestAborted) : null;
        var login = known is null ? await call.World.SignIn.LogInAsync(call, email, password) : await call.World.SignIn.StartAsync(call, known);
        return login is null ? JsonServerAuth.Refused("Incorrect email or password") : ProfileAnswer.Ok(new JsonObject { ["access_token"] = login.Token, ["role"] = Role(login.User) });
    }

    private static async Task<ProfileAnswer> Register(ProfileCall call)
    {
        if (JsonServerAuth.Account(call) is not { } account) return JsonServerAuth.Refused("Incorrect email or password");
        if (await call.World.SignIn.RegisterAsync(call, account) is not { } login) return JsonServerAuth.Refused("Email already exist");
        call.World.Data!.Handle(new DataRequest("POST", [Users], []) { Body = User(account.UserName, "user", account.DisplayName, id: null) });
        return ProfileAnswer.Ok(new JsonObject { ["access_token"] = login.Token });
    }

    private static JsonObject User(string email, string role, string? name, int? id)
    {
        var user = new JsonObject { ["email"] = email, ["role"] = role };
        if (name is not null) user["name"] = name;
        if (id is not null) user["id"] = id;
        return user;
    }

    private static JsonObject Note(int id, int userId) => new() { ["id"] = id, ["title"] = $"Note {id}", ["description"] = $"What note {id} says.", ["userId"] = userId };

    private static string Role(ProfileUser user) => user.Role.ToLowerInvariant();
}
