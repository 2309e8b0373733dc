namespace Symbolon.Mock.Tests.Profiles;

public class MockUserAuthTests
{
    private const string Name = "mock-user-auth";
    private const string Picture = "https://almsaeedstudio.com/themes/AdminLTE/dist/img/user2-160x160.jpg";

    [Fact]
    public async Task Routes_AnswerAsTheOriginal() => await Script.RunAsync(Name, false, $$"""
        POST /api/v1/auth {"email":"user@gmail.com","password":"user123"} → 200 {"token":"$user"}
        POST /api/v1/auth {"email":"user@gmail.com","password":"wrong"} → 401 {"message":"Incorrect email or password"}
        POST /api/v1/auth {"email":"nobody@gmail.com","password":"user123"} → 401 {"message":"Incorrect email or password"}
        GET /api/v1/users Authorization: $user → 200 {"id":46643,"name":"user","email":"user@gmail.com","imageUrl":"{{Picture}}"}
        GET /api/v1/users?token=$user → 200 {"id":46643,"name":"user","email":"user@gmail.com","imageUrl":"{{Picture}}"}
        GET /api/v1/users {"token":"$user"} → 200 {"id":46643,"name":"user","email":"user@gmail.com","imageUrl":"{{Picture}}"}
        GET /api/v1/users Authorization: Bearer $user → 403 {"message":"Unauthorized"}
        GET /api/v1/users Authorization: wrongtoken → 403 {"message":"Unauthorized"}
        GET /api/v1/users → 403 {"message":"Unauthorized"}
        POST /api/v1/users {"name":"New","email":"new@gmail.com","password":"pw"} → 200 {"message":"User registered with success","token":"$new"}
        POST /api/v1/users {"name":"New","email":"new@gmail.com","password":"pw"} → 401 {"message":"User already registered"}
        POST /api/v1/users {"name":"New"} → 400 {"message":"Write email and password"}
        GET /api/v1/users Authorization: $new → 200 {"id":46644,"name":"New","email":"new@gmail.com","imageUrl":"{{Picture}}"}
        POST /api/v1/auth {"email":"new@gmail.com","password":"pw"} → 200 {"token":"$new"}
        PATCH /api/v1/users {"name":"Newer","imageUrl":"x.png"} Authorization: $new → 200 {"data":{"id":46644,"name":"Newer","email":"new@gmail.com","imageUrl":"x.png"},"message":"User updated with success!"}
        PATCH /api/v1/users {"password":"pw2"} Authorization: $new → 200 {"data":{"id":46644,"name":"Newer","email":"new@gmail.com","imageUrl":"x.png"},"message":"User updated with success!"}
        GET /api/v1/users Authorization: $new → 200 {"id":46644,"name":"Newer","email":"new@gmail.com","imageUrl":"x.png"}
        POST /api/v1/auth {"email":"new@gmail.com","password":"pw"} → 401 {"message":"Incorrect email or password"}
        PATCH /api/v1/users {"email":"user@gmail.com"} Authorization: $new → 401 {"message":"User already registered"}
        PATCH /api/v1/users {"email":"newest@gmail.com"} Authorization: $new → 200 {"data":{"id":46644,"name":"Newer","email":"newest@gmail.com","imageUrl":"x.png"},"message":"User updated with success!"}
        GET /api/v1/users Authorization: $new → 403 {"message":"Unauthorized"}
        POST /api/v1/auth {"email":"newest@gmail.com","password":"pw2"} → 200 {"token":"$newest"}
        PATCH /api/v1/users {"name":"x"} → 403 {"message":"Unauthorized"}
        DELETE /api/v1/users → 403 {"message":"Unauthorized to delete"}
        DELETE /api/v1/users Authorization: $newest → 200 {"message":"User deleted with success!"}
        GET /api/v1/users Authorization: $newest → 403 {"message":"Unauthorized"}
        POST /api/v1/auth {"email":"newest@gmail.com","password":"pw2"} → 401 {"message":"Incorrect email or password"}
        POST /api/v1/users {"name":"Again","email":"newest@gmail.com","password":"pw"} → 200 {"message":"User registered with success","token":"$again"}
        DELETE /api/v1/all-users {"key_admin":"wrong"} → 403 {"message":"Unauthorized access"}
        GET /api/v1/users Authorization: $user → 200 *
        DELETE /api/v1/all-users {"key_admin":"keyadmin123"} → 200 {"message":"Users deleted with success"}
        GET /api/v1/users Authorization: $user → 403 {"message":"Unauthorized"}
        POST /api/v1/auth {"email":"user@gmail.com","password":"user123"} → 401 {"message":"Incorrect email or password"}
        GET /api/v1/nothing → 404 *
        """);

    [Fact]
    public async Task Password_IsAnswered_WhenBugsAreKept() => await Script.RunAsync(Name, true, $$"""
        POST /api/v1/auth {"email":"user@gmail.com","password":"user123"} → 200 {"token":"$user"}
        GET /api/v1/users Authorization: $user → 200 {"id":46643,"name":"user","email":"user@gmail.com","imageUrl":"{{Picture}}","password":"user123"}
        PATCH /api/v1/users {"password":"pw"} Authorization: $user → 200 {"data":{"id":46643,"name":"user","email":"user@gmail.com","imageUrl":"{{Picture}}","password":"pw"},"message":"User updated with success!"}
        POST /api/v1/users {"name":"New","email":"new@gmail.com","password":"secret"} → 200 {"message":"User registered with success","token":"$new"}
        GET /api/v1/users Authorization: $new → 200 {"id":46644,"name":"New","email":"new@gmail.com","imageUrl":"{{Picture}}","password":"secret"}
        """);

    [Fact]
    public async Task Token_LivesADay()
    {
        await using var script = await Script.StartAsync(Name);
        await script.RunAsync("""POST /api/v1/auth {"email":"user@gmail.com","password":"user123"} → 200 {"token":"$user"}""");
        var (_, claims) = Jwt.Read(script["user"]);
        Assert.Equal(["email", "id", "iat", "exp", "sid", "ver"], claims.Select(claim => claim.Key));
        Assert.Equal(86_400, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.True(Jwt.IsSignedWith(script["user"], "authsecret123"));
        script.Mock.Clock.Advance(TimeSpan.FromHours(23));
        await script.RunAsync("GET /api/v1/users Authorization: $user → 200 *");
        script.Mock.Clock.Advance(TimeSpan.FromHours(1));
        await script.RunAsync("""GET /api/v1/users Authorization: $user → 403 {"message":"Unauthorized"}""");
    }
}
