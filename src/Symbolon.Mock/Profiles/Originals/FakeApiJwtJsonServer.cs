using System.Text.Json.Nodes;

namespace Symbolon.Mock.Profiles.Originals;

/// <summary><c>fake-api-jwt-json-server</c> (techiediaries): log-in and registration by e-mail in front of json-server.</summary>
internal static class FakeApiJwtJsonServer
{
    private const string StartingData =
        """
        {
          "products": [
            {"id": 1, "name": "Product001", "cost": 10, "quantity": 1000, "locationId": 1, "familyId": 1},
            {"id": 2, "name": "Product002", "cost": 20, "quantity": 2000, "locationId": 1, "familyId": 2}
          ],
          "locations": [{"id": 1, "name": "Location001"}],
          "families": [{"id": 1, "name": "FM001"}, {"id": 2, "name": "FM002"}],
          "transactions": [{"id": 1, "cost": 11, "quantity": 10, "productId": 1}]
        }
        """;

    public static ProfileDefinition Definition { get; } = new("fake-api-jwt-json-server")
    {
        Url = JsonServerAuth.Url,
        Accounts = [new MockAccount("nilson@email.com", "nilson"), new MockAccount("bruno@email.com", "bruno")],
        Show = user => new JsonObject { ["id"] = user.Id, ["email"] = user.Account.UserName },
        Token = new ProfileTokenForm(JsonServerAuth.Secret, JsonServerAuth.Lifetime, Claims),
        Data = _ => JsonNode.Parse(StartingData)!.AsObject(),
        Routes = _ => [new("POST", "/auth/register", Register), new("POST", "/auth/login", LogIn), JsonServerAuth.Rest],
        Bugs = ["the password stands in the token", "who has registered cannot log in until the next start"],
    };

    private static JsonObject Claims(ProfileCall call, ProfileUser user)
    {
        var claims = new JsonObject { ["email"] = user.Account.UserName };
        if (call.World.Settings.IsBugCompatible) claims["password"] = call.Text("password");
        return claims;
    }

    private static async Task<ProfileAnswer> LogIn(ProfileCall call)
    {
        var isUnknown = call.World.Settings.IsBugCompatible && !call.World.StartsWith(call.Text("email"));
        return !isUnknown && await call.World.SignIn.LogInAsync(call, call.Text("email"), call.Text("password")) is { } login
            ? Token(login) : JsonServerAuth.Refused("Incorrect email or password");
    }

    private static async Task<ProfileAnswer> Register(ProfileCall call)
    {
        if (JsonServerAuth.Account(call) is not { } account) return JsonServerAuth.Refused("Incorrect email or password");
        return await call.World.SignIn.RegisterAsync(call, account) is { } login ? Token(login) : JsonServerAuth.Refused("Email and Password already exist");
    }

    private static ProfileAnswer Token(ProfileLogin login) => ProfileAnswer.Ok(new JsonObject { ["access_token"] = login.Token });
}
