namespace Symbolon.Mock.Tests.Profiles;

public class JsonServerAuthTests
{
    private const string Fake = "fake-api-jwt-json-server", Full = "full-mocks-api";

    [Fact]
    public async Task FakeApi_AnswersAsTheOriginal() => await Script.RunAsync(Fake, false, """
        POST /auth/login {"email":"nilson@email.com","password":"nilson"} → 200 {"access_token":"$t"}
        POST /auth/login {"email":"nilson@email.com","password":"wrong"} → 401 {"status":401,"message":"Incorrect email or password"}
        POST /auth/register {"email":"nilson@email.com","password":"nilson"} → 401 {"status":401,"message":"Email and Password already exist"}
        POST /auth/register {"email":"new@email.com","password":"new"} → 200 {"access_token":"$new"}
        POST /auth/login {"email":"new@email.com","password":"new"} → 200 {"access_token":"$new"}
        GET /products/1 → 401 {"status":401,"message":"Error in authorization format"}
        GET /products/1 Authorization: Basic $t → 401 {"status":401,"message":"Error in authorization format"}
        GET /products/1 Authorization: Bearer → 401 {"status":401,"message":"Access token not provided"}
        GET /products/1 Authorization: Bearer nonsense → 401 {"status":401,"message":"Access token not provided"}
        GET /nothing → 401 {"status":401,"message":"Error in authorization format"}
        GET /products/1 Authorization: Bearer $t → 200 {"id":1,"name":"Product001","cost":10,"quantity":1000,"locationId":1,"familyId":1}
        GET /products?familyId=2 Authorization: Bearer $new → 200 [{"id":2,"name":"Product002","cost":20,"quantity":2000,"locationId":1,"familyId":2}]
        POST /families {"name":"FM003"} Authorization: Bearer $t → 201 {"name":"FM003","id":3}
        PUT /families/3 {"name":"x"} Authorization: Bearer $t → 200 {"name":"x","id":3}
        PATCH /families/3 {"name":"y"} Authorization: Bearer $t → 200 {"name":"y","id":3}
        DELETE /families/3 Authorization: Bearer $t → 200 {}
        GET /families/3 Authorization: Bearer $t → 404 {}
        GET /nothing Authorization: Bearer $t → 404 {}
        GET /auth/nothing → 404 {}
        """);

    [Fact]
    public async Task FakeApi_RefusesARevokedAndAnExpiredToken()
    {
        await using var script = await Script.StartAsync(Fake);
        await script.RunAsync("""
            POST /auth/login {"email":"nilson@email.com","password":"nilson"} → 200 {"access_token":"$t"}
            POST /__mock/revoke {"username":"nilson@email.com"} → 200 *
            GET /products Authorization: Bearer $t → 401 {"status":401,"message":"Error access_token is revoked"}
            POST /auth/login {"email":"nilson@email.com","password":"nilson"} → 200 {"access_token":"$t"}
            GET /products Authorization: Bearer $t → 200 *
            """);
        script.Mock.Clock.Advance(TimeSpan.FromHours(1));
        await script.RunAsync("""GET /products Authorization: Bearer $t → 401 {"status":401,"message":"Access token not provided"}""");
    }

    [Theory]
    [InlineData(false, "email iat exp sid ver", 200)]
    [InlineData(true, "email password iat exp sid ver", 401)]
    public async Task FakeApi_HasItsBugs_OnlyWhenTheyAreKept(bool isBugCompatible, string claims, int afterRegistration)
    {
        await using var script = await Script.StartAsync(Fake, isBugCompatible);
        await script.RunAsync($$"""
            POST /auth/login {"email":"nilson@email.com","password":"nilson"} → 200 {"access_token":"$t"}
            POST /auth/register {"email":"new@email.com","password":"new"} → 200 {"access_token":"$new"}
            GET /products Authorization: Bearer $new → 200 *
            POST /auth/login {"email":"new@email.com","password":"new"} → {{afterRegistration}} *
            """);
        Assert.Equal(claims, string.Join(' ', Jwt.Read(script["t"]).Claims.Select(claim => claim.Key)));
        Assert.Equal(isBugCompatible ? "nilson" : null, (string?)Jwt.Read(script["t"]).Claims["password"]);
        Assert.True(Jwt.IsSignedWith(script["t"], "123456789"));
    }

    [Fact]
    public async Task FullMocks_AnswersAsTheOriginal() => await Script.RunAsync(Full, false, """
        POST /auth/login {"email":"admin@abharworks.com","password":"123456"} → 200 {"access_token":"$admin","role":"admin"}
        POST /auth/login {"email":"user@abharworks.com","password":"user"} → 200 {"access_token":"$user","role":"user"}
        POST /auth/login {"email":"user@abharworks.com","password":"wrong"} → 401 {"status":401,"message":"Incorrect email or password"}
        POST /auth/login {"email":"nobody@abharworks.com","password":"user"} → 401 {"status":401,"message":"Incorrect email or password"}
        POST /auth/register {"name":"New","email":"new@abharworks.com","password":"pw"} → 200 {"access_token":"$new"}
        POST /auth/register {"name":"New","email":"new@abharworks.com","password":"other"} → 401 {"status":401,"message":"Email already exist"}
        GET /notes/1 → 401 {"status":401,"message":"Error in authorization format"}
        GET /users/2/notes Authorization: Bearer $user → 200 [{"id":3,"title":"Note 3","description":"What note 3 says.","userId":2}]
        POST /users/2/notes {"title":"mine"} Authorization: Bearer $new → 201 {"title":"mine","userId":2,"id":4}
        GET /users/3 Authorization: Bearer $new → 200 {"email":"new@abharworks.com","role":"user","name":"New","id":3}
        GET /posts/1 Authorization: Bearer $admin → 200 {"id":1,"title":"A first post","description":"What it is about."}
        """);

    [Fact]
    public async Task FullMocks_ChecksNoPassword_WhenBugsAreKept() => await Script.RunAsync(Full, true, """
        POST /auth/login {"email":"admin@abharworks.com","password":"wrong"} → 200 {"access_token":"$admin","role":"admin"}
        GET /notes/1 Authorization: Bearer $admin → 200 *
        POST /auth/login {"email":"nobody@abharworks.com","password":"x"} → 401 {"status":401,"message":"Incorrect email or password"}
        """);
}
