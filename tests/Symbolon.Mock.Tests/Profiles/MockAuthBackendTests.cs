using System.Text.Json.Nodes;

namespace Symbolon.Mock.Tests.Profiles;

public class MockAuthBackendTests
{
    private const string Name = "mock-auth-backend";

    private const string Routes = """
        POST /auth {"identifier":"a@b.com","password":"test"} → 200 {"message":"Login successful!","token":"$admin"}
        POST /auth identifier=c%40d.com&password=test → 200 {"message":"Login successful!","token":"$other"}
        POST /auth {"identifier":"a@b.com","password":"wrong"} → 401
        POST /auth {"identifier":"nobody","password":"test"} → 401
        POST /auth {} → 401
        POST /auth → 401
        GET /protected Authorization: Bearer $admin → 200 {"message":"Successfully authorized!"}
        GET /protected Authorization: Bearer $other → 200 {"message":"Successfully authorized!"}
        GET /protected → 401
        GET /protected Authorization: Bearer nonsense → 401
        GET /protected Authorization: Bearer $adminx → 401
        GET /admin Authorization: Bearer $admin → 200 {"message":"Successfully authorized with role 'admin'!"}
        GET /admin Authorization: Bearer $other → 401
        GET /admin → 401
        GET /nothing → 404 {"message":"Route not found!"}
        PUT /auth → 404 {"message":"Route not found!"}
        GET / → 404 {"message":"Route not found!"}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Routes_AnswerAsTheOriginal(bool isBugCompatible) => await Script.RunAsync(Name, isBugCompatible, Routes.Replace("$adminx", "$admin.x", StringComparison.Ordinal));

    [Fact]
    public async Task Token_SaysTheUserAndARoleEach_AndHasNoEnd()
    {
        await using var script = await Script.StartAsync(Name);
        await script.RunAsync("""
            POST /auth {"identifier":"a@b.com","password":"test"} → 200 {"message":"Login successful!","token":"$admin"}
            POST /auth {"identifier":"c@d.com","password":"test"} → 200 {"message":"Login successful!","token":"$other"}
            """);
        var (header, claims) = Jwt.Read(script["admin"]);
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", header.ToJsonString());
        Assert.Equal(["user", "admin", "iat", "sid", "ver"], claims.Select(claim => claim.Key));
        Assert.Equal(("a@b.com", true), ((string?)claims["user"], (bool?)claims["admin"]));
        Assert.False((bool?)Jwt.Read(script["other"]).Claims["admin"]);
        Assert.True(Jwt.IsSignedWith(script["admin"], "supda-dupa-secret"));

        script.Mock.Clock.Advance(TimeSpan.FromDays(13)); // no end of its own; after the session's nobody is in any more
        await script.RunAsync("GET /protected Authorization: Bearer $admin → 200 *");
        script.Mock.Clock.Advance(TimeSpan.FromDays(2));
        await script.RunAsync("GET /protected Authorization: Bearer $admin → 401");
    }

    [Theory]
    [InlineData(false, "admin", 401)]
    [InlineData(true, "boss", 200)]
    public async Task RoleRoutes_CheckTheirOwnRole_UnlessBugsAreKept(bool isBugCompatible, string roleOfTheFirst, int status)
    {
        await using var script = await Script.StartAsync(Name, isBugCompatible, options =>
        {
            options.Routes.Add(new MockRoute("/first") { Roles = ["admin"] });
            options.Routes.Add(new MockRoute("/last") { Roles = ["boss"] });
            options.Accounts.Add(new MockAccount("boss", "pw", "boss"));
        });
        await script.RunAsync($$"""
            POST /auth {"identifier":"boss","password":"pw"} → 200 {"message":"Login successful!","token":"$boss"}
            GET /last Authorization: Bearer $boss → 200 {"message":"Successfully authorized with role 'boss'!"}
            GET /first Authorization: Bearer $boss → {{status}} {{(status == 200 ? $$"""{"message":"Successfully authorized with role '{{roleOfTheFirst}}'!"}""" : "*")}}
            """);
    }

    [Theory]
    [InlineData(false, 401)]
    [InlineData(true, 200)]
    public async Task Scheme_IsChecked_UnlessBugsAreKept(bool isBugCompatible, int status)
    {
        await using var script = await Script.StartAsync(Name, isBugCompatible);
        await script.RunAsync($$"""
            POST /auth {"identifier":"a@b.com","password":"test"} → 200 {"message":"Login successful!","token":"$admin"}
            GET /protected Authorization: Basic $admin → {{status}} *
            GET /protected Authorization: $admin → {{status}} *
            """);
    }
}
