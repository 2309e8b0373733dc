namespace Symbolon.Mock.Tests.Profiles;

public class CornflourblueTests
{
    private const string React = "react-jwt-authentication-example", Node = "node-jwt-authentication-api", Roles = "react-role-based-authorization-example";
    private const string Test = """{"id":1,"username":"test","firstName":"Test","lastName":"User"}""";

    [Fact]
    public async Task React_AnswersAsTheOriginal() => await Script.RunAsync(React, false, $$"""
        POST /users/authenticate {"username":"test","password":"test"} → 200 {"id":1,"username":"test","firstName":"Test","lastName":"User","token":"$t"}
        POST /any/prefix/users/authenticate {"username":"test","password":"test"} → 200 {"id":1,"username":"test","firstName":"Test","lastName":"User","token":"$t"}
        POST /users/authenticate {"username":"test","password":"wrong"} → 400 {"message":"Username or password is incorrect"}
        GET /users → 401 {"message":"Unauthorised"}
        GET /users Authorization: Bearer nonsense → 401 {"message":"Unauthorised"}
        GET /users Authorization: Bearer $t → 200 [{{Test}}]
        GET /v1/users Authorization: Bearer $t → 200 [{{Test}}]
        GET /nothing Authorization: Bearer $t → 404 *
        """);

    [Fact]
    public async Task React_ListsPasswords_WhenBugsAreKept() => await Script.RunAsync(React, true, """
        POST /users/authenticate {"username":"test","password":"test"} → 200 {"id":1,"username":"test","firstName":"Test","lastName":"User","token":"$t"}
        GET /users Authorization: Bearer $t → 200 [{"id":1,"username":"test","firstName":"Test","lastName":"User","password":"test"}]
        """);

    [Fact]
    public async Task React_HandsOutTheEnginesTokens()
    {
        await using var script = await Script.StartAsync(React);
        await script.RunAsync("""POST /users/authenticate {"username":"test","password":"test"} → 200 {"id":1,"username":"test","firstName":"Test","lastName":"User","token":"$t"}""");
        Assert.Equal("at+jwt", (string?)Jwt.Read(script["t"]).Header["typ"]);
        script.Mock.Clock.Advance(TimeSpan.FromMinutes(59));
        await script.RunAsync("GET /users Authorization: Bearer $t → 200 *");
        script.Mock.Clock.Advance(TimeSpan.FromMinutes(1));
        await script.RunAsync("""GET /users Authorization: Bearer $t → 401 {"message":"Unauthorised"}""");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Node_AnswersAsTheOriginal(bool isBugCompatible) => await Script.RunAsync(Node, isBugCompatible, $$"""
        POST /users/authenticate {"username":"test","password":"test"} → 200 {"id":1,"username":"test","firstName":"Test","lastName":"User","token":"$t"}
        POST /users/authenticate username=test&password=test → 200 {"id":1,"username":"test","firstName":"Test","lastName":"User","token":"$t"}
        POST /users/authenticate {"username":"test","password":"wrong"} → 400 {"message":"Username or password is incorrect"}
        POST /users/authenticate {} → 400 {"message":"Username or password is incorrect"}
        GET /users → 401 {"message":"Invalid Token"}
        GET /users Authorization: Bearer nonsense → 401 {"message":"Invalid Token"}
        GET /users Authorization: Bearer $t → 200 [{{Test}}]
        GET /nothing → 401 {"message":"Invalid Token"}
        GET /nothing Authorization: Bearer $t → 404 *
        """);

    [Fact]
    public async Task Node_TokensSayTheSubject_AndHaveNoEnd()
    {
        await using var script = await Script.StartAsync(Node);
        await script.RunAsync("""POST /users/authenticate {"username":"test","password":"test"} → 200 {"id":1,"username":"test","firstName":"Test","lastName":"User","token":"$t"}""");
        Assert.Equal(["sub", "iat", "sid", "ver"], Jwt.Read(script["t"]).Claims.Select(claim => claim.Key));
        script.Mock.Clock.Advance(TimeSpan.FromDays(10));
        await script.RunAsync("GET /users Authorization: Bearer $t → 200 *");
    }

    [Fact]
    public async Task Roles_AnswerAsTheOriginal() => await Script.RunAsync(Roles, false, """
        POST /users/authenticate {"username":"admin","password":"admin"} → 200 {"id":1,"username":"admin","firstName":"Admin","lastName":"User","role":"Admin","token":"$admin"}
        POST /users/authenticate {"username":"user","password":"user"} → 200 {"id":2,"username":"user","firstName":"Normal","lastName":"User","role":"User","token":"$user"}
        POST /users/authenticate {"username":"user","password":"admin"} → 400 {"message":"Username or password is incorrect"}
        GET /users/2 Authorization: Bearer $user → 200 {"id":2,"username":"user","firstName":"Normal","lastName":"User","role":"User"}
        GET /users/1 Authorization: Bearer $user → 401 {"message":"Unauthorised"}
        GET /users/2 Authorization: Bearer $admin → 200 {"id":2,"username":"user","firstName":"Normal","lastName":"User","role":"User"}
        GET /users/9 Authorization: Bearer $admin → 404 *
        GET /users/2 → 401 {"message":"Unauthorised"}
        GET /users Authorization: Bearer $user → 401 {"message":"Unauthorised"}
        GET /users → 401 {"message":"Unauthorised"}
        GET /users Authorization: Bearer $admin → 200 [{"id":1,"username":"admin","firstName":"Admin","lastName":"User","role":"Admin"},{"id":2,"username":"user","firstName":"Normal","lastName":"User","role":"User"}]
        """);

    [Fact]
    public async Task Roles_AnswerPasswords_WhenBugsAreKept() => await Script.RunAsync(Roles, true, """
        POST /users/authenticate {"username":"user","password":"user"} → 200 {"id":2,"username":"user","firstName":"Normal","lastName":"User","role":"User","token":"$user"}
        GET /users/2 Authorization: Bearer $user → 200 {"id":2,"username":"user","firstName":"Normal","lastName":"User","role":"User","password":"user"}
        """);

    [Fact]
    public async Task Roles_CountAtTheNextLogIn_WhenTheyAreChanged() => await Script.RunAsync(Roles, false, """
        POST /users/authenticate {"username":"user","password":"user"} → 200 {"id":2,"username":"user","firstName":"Normal","lastName":"User","role":"User","token":"$user"}
        POST /__mock/roles {"username":"user","roles":["admin"]} → 200 *
        GET /users/2 Authorization: Bearer $user → 401 {"message":"Unauthorised"}
        POST /users/authenticate {"username":"user","password":"user"} → 200 {"id":2,"username":"user","firstName":"Normal","lastName":"User","role":"Admin","token":"$user"}
        GET /users Authorization: Bearer $user → 200 *
        """);
}
