using System.Text.Json.Nodes;
using Symbolon.Mock.Profiles;

namespace Symbolon.Mock.Tests.Profiles;

/// <summary>What all profiles share: they are on the real engine, and the control calls reach them.</summary>
public class EveryProfileTests
{
    // How to log in, where the token stands in the answer, how to send it, what needs it.
    private static readonly Dictionary<string, Access> All = new()
    {
        ["mock-auth-backend"] = new("/auth", """{"identifier":"a@b.com","password":"test"}""", "token", "Bearer ", "/protected", 401),
        ["mock-user-auth"] = new("/api/v1/auth", """{"email":"user@gmail.com","password":"user123"}""", "token", "", "/api/v1/users", 403),
        ["fake-api-jwt-json-server"] = new("/auth/login", """{"email":"nilson@email.com","password":"nilson"}""", "access_token", "Bearer ", "/products", 401),
        ["full-mocks-api"] = new("/auth/login", """{"email":"user@abharworks.com","password":"user"}""", "access_token", "Bearer ", "/notes", 401),
        ["react-jwt-authentication-example"] = new("/users/authenticate", """{"username":"test","password":"test"}""", "token", "Bearer ", "/users", 401),
        ["node-jwt-authentication-api"] = new("/users/authenticate", """{"username":"test","password":"test"}""", "token", "Bearer ", "/users", 401),
        ["react-role-based-authorization-example"] = new("/users/authenticate", """{"username":"admin","password":"admin"}""", "token", "Bearer ", "/users", 401),
        ["node-mongo-jwt-refresh-tokens-api"] = new("/users/authenticate", """{"username":"test","password":"test"}""", "jwtToken", "Bearer ", "/users", 401),
    };

    public static TheoryData<string> Names => [.. ProfileCatalog.All.Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ControlCalls_ReachTheProfile(string name)
    {
        await using var script = await Script.StartAsync(name);
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        var access = All[name];

        foreach (var call in (string[])["""/__mock/revoke {"all":true}""", """/__mock/expire {"what":"access"}""", """/__mock/expire {"what":"session"}""", "/__mock/reset {}"])
        {
            var token = await access.LogInAsync(client);
            Assert.Equal(200, await access.CallAsync(client, token));
            await script.RunAsync($"POST {call} → {(call.Contains("reset", StringComparison.Ordinal) ? 204 : 200)} *");
            Assert.Equal(access.Refused, await access.CallAsync(client, token));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Tokens_LiveAsLongAsTheOptionSays(string name)
    {
        await using var script = await Script.StartAsync(name, more: options => options.AccessTokenLifetime = TimeSpan.FromSeconds(60));
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        var token = await All[name].LogInAsync(client);
        var (_, claims) = Jwt.Read(token);
        Assert.Equal(60, (long)claims["exp"]! - (long)claims["iat"]!);
        script.Mock.Clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(200, await All[name].CallAsync(client, token));
        script.Mock.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(All[name].Refused, await All[name].CallAsync(client, token));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Log_SaysWhoAndWhy(string name)
    {
        await using var script = await Script.StartAsync(name);
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        var token = await All[name].LogInAsync(client);
        await All[name].CallAsync(client, token);
        await script.RunAsync("""POST /__mock/revoke {"all":true} → 200 *""");
        await All[name].CallAsync(client, token);

        var entries = script.Mock.Log.Entries;
        Assert.Equal([All[name].LogInPath, All[name].Path, All[name].Path], entries.Select(entry => entry.Path));
        Assert.Equal((entries[0].SessionId, entries[0].UserName), (entries[1].SessionId, entries[1].UserName));
        Assert.NotNull(entries[1].SessionId);
        Assert.Equal("token_revoked", entries[2].Code);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Health_AndStateAreThere(string name)
    {
        await using var script = await Script.StartAsync(name);
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        await script.RunAsync("GET /health/ready → 200 *");
        var state = JsonNode.Parse(await client.GetStringAsync("/__mock/state"))!;
        Assert.Equal(name, (string?)state["profile"]);
        var accounts = ProfileCatalog.All.Single(profile => profile.Name == name).Accounts;
        Assert.Equal(accounts.Select(account => account.UserName).Order(), state["users"]!.AsArray().Select(user => (string?)user!["username"]).Order());
    }

    [Theory]
    [InlineData("mock-auth-backend", "POST /auth anonymous; GET /protected; GET /admin admin")]
    [InlineData("mock-user-auth", "POST /api/v1/auth anonymous; POST /api/v1/users anonymous; GET /api/v1/users; PATCH /api/v1/users; DELETE /api/v1/users; DELETE /api/v1/all-users anonymous")]
    [InlineData("fake-api-jwt-json-server", "POST /auth/register anonymous; POST /auth/login anonymous; /*")]
    [InlineData("full-mocks-api", "POST /auth/register anonymous; POST /auth/login anonymous; /*")]
    [InlineData("react-jwt-authentication-example", "POST */users/authenticate anonymous; GET */users")]
    [InlineData("node-jwt-authentication-api", "POST /users/authenticate anonymous; GET /users; /*")]
    [InlineData("react-role-based-authorization-example", "POST */users/authenticate anonymous; GET */users admin; GET */users/:id")]
    [InlineData("node-mongo-jwt-refresh-tokens-api",
        "POST /users/authenticate anonymous; POST /users/refresh-token anonymous; POST /users/revoke-token; GET /users admin; GET /users/:id; GET /users/:id/refresh-tokens")]
    public async Task State_ListsTheRoutes(string name, string routes)
    {
        await using var script = await Script.StartAsync(name);
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        var state = JsonNode.Parse(await client.GetStringAsync("/__mock/state"))!;
        Assert.Equal(routes, string.Join("; ", state["routes"]!.AsArray().Select(route => string.Join(' ',
            [.. Texts(route!["methods"]), (string)route["path"]!, .. (bool?)route["anonymous"] == true ? (string[])["anonymous"] : [], .. Texts(route["roles"])]))));
        await script.RunAsync("GET /__mock/expire → 404 {\"type\":\"urn:symbolon:not_found\",\"title\":\"$title\",\"status\":404,\"detail\":\"$detail\",\"code\":\"not_found\",\"trace_id\":\"$trace\"}");

        static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(text => (string)text!) ?? [];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Pages_OfOtherLoopbackOrigins_MayCall(string name)
    {
        await using var script = await Script.StartAsync(name);
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        client.DefaultRequestHeaders.Add("Origin", "http://localhost:3000");
        using var answer = await client.GetAsync(All[name].Path);
        Assert.Equal("http://localhost:3000", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("true", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Credentials")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Accounts_AreOthers_WhenTheyAreGiven(string name)
    {
        var access = All[name];
        await using var script = await Script.StartAsync(name, more: options => options.Accounts.Add(new MockAccount("ada@example.com", "lovelace", "admin")));
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        var credentials = JsonNode.Parse(access.Credentials)!.AsObject();
        foreach (var (member, _) in credentials.ToList()) credentials[member] = member == "password" ? "lovelace" : "ada@example.com";
        var token = await (access with { Credentials = credentials.ToJsonString() }).LogInAsync(client);
        Assert.Equal(200, await access.CallAsync(client, token));
        using var refused = await access.SendLogInAsync(client);
        Assert.InRange((int)refused.StatusCode, 400, 401);
    }

    [Fact]
    public void Urls_AreTheOriginals() => Assert.Equal(
        [("mock-auth-backend", 8085), ("mock-user-auth", 3000), ("fake-api-jwt-json-server", 8000), ("full-mocks-api", 8000), ("react-jwt-authentication-example", 4000),
         ("node-jwt-authentication-api", 4000), ("react-role-based-authorization-example", 4000), ("node-mongo-jwt-refresh-tokens-api", 4000)],
        ProfileCatalog.All.Select(profile => (profile.Name, new Uri(profile.Url).Port)));

    private sealed record Access(string LogInPath, string Credentials, string TokenMember, string Scheme, string Path, int Refused)
    {
        public Task<HttpResponseMessage> SendLogInAsync(HttpClient client) => client.PostAsync(LogInPath, new StringContent(Credentials, System.Text.Encoding.UTF8, "application/json"));

        public async Task<string> LogInAsync(HttpClient client)
        {
            using var answer = await SendLogInAsync(client);
            return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())![TokenMember]!;
        }

        public async Task<int> CallAsync(HttpClient client, string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Path);
            request.Headers.TryAddWithoutValidation("Authorization", Scheme + token);
            using var answer = await client.SendAsync(request);
            return (int)answer.StatusCode;
        }
    }
}
