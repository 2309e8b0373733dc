namespace Symbolon.Mock.Profiles.Originals;

/// <summary><c>react-jwt-authentication-example</c> (cornflourblue): the back end that the example fakes in the browser.</summary>
internal static class ReactJwtAuthentication
{
    public static ProfileDefinition Definition { get; } = new("react-jwt-authentication-example")
    {
        Url = "http://localhost:4000",
        Accounts = [new MockAccount("test", "test") { DisplayName = "Test User" }],
        Latency = TimeSpan.FromMilliseconds(500),
        Configure = authority => authority.AccessToken.Lifetime = TimeSpan.FromHours(1),
        Show = Shapes.Named,
        Routes = _ => [new("POST", "*/users/authenticate", Shapes.Authenticate), new("GET", "*/users", Guard.SignedIn(Shapes.Unauthorised, Shapes.List))],
        ShowsPasswords = true,
        Bugs = ["the list of users has their passwords"],
    };
}
