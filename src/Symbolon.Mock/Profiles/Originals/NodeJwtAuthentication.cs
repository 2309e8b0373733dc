using System.Text.Json.Nodes;

namespace Symbolon.Mock.Profiles.Originals;

/// <summary><c>node-jwt-authentication-api</c> (cornflourblue): a log-in, and a list of users behind it. Its tokens have no end.</summary>
internal static class NodeJwtAuthentication
{
    private const string Secret = "THIS IS USED TO SIGN AND VERIFY JWT TOKENS, REPLACE IT WITH YOUR OWN SECRET, IT CAN BE ANY STRING";
    private static readonly ProfileAnswer InvalidToken = ProfileAnswer.Message(401, "Invalid Token");

    public static ProfileDefinition Definition { get; } = new("node-jwt-authentication-api")
    {
        Url = "http://localhost:4000",
        Accounts = [new MockAccount("test", "test") { DisplayName = "Test User" }],
        Token = new ProfileTokenForm(Secret, Lifetime: null, (_, user) => new JsonObject { ["sub"] = user.Id }),
        Show = Shapes.Named,
        Routes = _ =>
        [
            new("POST", "/users/authenticate", Shapes.Authenticate),
            new("GET", "/users", Guard.SignedIn(InvalidToken, Shapes.List)),
            ProfileRoute.Otherwise(Guard.SignedIn(InvalidToken, _ => ProfileAnswer.NotFound)),
        ],
    };
}
