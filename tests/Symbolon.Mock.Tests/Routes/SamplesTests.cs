using Symbolon.Mock.Files;
using Symbolon.Mock.Tests.Profiles;
using Symbolon.Testing;

namespace Symbolon.Mock.Tests.Routes;

/// <summary>The files of <c>samples/mock</c>, as a user starts them: routes, accounts and data together, behind the engine's own handler.</summary>
public class SamplesTests
{
    [Fact]
    public async Task Routes_AskForWhatTheySay()
    {
        await using var script = await StartAsync();
        await script.LogInAsync("ada", "ada");
        await script.LogInAsync("grace", "grace");
        await script.RunAsync("""
            GET /api/public → 200 {"hello":"world"}
            GET /api/posts → 200 *
            GET /api/posts/2 → 200 {"id":2,"title":"A clock you can turn","author":{"name":"grace"},"views":45}
            DELETE /api/posts/2 → 401 *
            DELETE /api/posts/2 Authorization: Bearer $grace → 200 {}
            GET /api/posts/2 → 404 {}
            GET /api/comments → 401 *
            GET /api/comments?_limit=1 Authorization: Bearer $grace → 200 [{"id":1,"body":"I like it.","postId":1}]
            GET /api/teapot Authorization: Bearer $grace → 418 {"message":"short and stout"}
            GET /api/profile Authorization: Bearer $grace → 200 {"name":"The mock"}
            GET /api/db Authorization: Bearer $ada → 200 *
            GET /api/nothing/at/all Authorization: Bearer $ada → 200 {"method":"GET","path":"/api/nothing/at/all","sub":"$sub","username":"ada","roles":["admin"]}
            GET /elsewhere Authorization: Bearer $ada → 404 *
            POST /__mock/roles {"username":"grace","roles":[]} → 200 *
            PUT /api/posts/1 {"title":"x"} Authorization: Bearer $grace → 401 *
            POST /__mock/reset {} → 204
            GET /api/posts/2 → 200 *
            """);
    }

    [Fact]
    public async Task RoleRoute_IsForbidden_WhenTheRoleIsMissing()
    {
        await using var script = await StartAsync(options => options.Accounts.Add(new MockAccount("nobody", "nobody")), accounts: false);
        await script.LogInAsync("nobody", "nobody");
        await script.RunAsync("POST /api/posts {\"title\":\"x\"} Authorization: Bearer $nobody → 403 *");
    }

    [Fact]
    public async Task Disabled_MayNotLogIn()
    {
        await using var script = await StartAsync();
        await script.RunAsync("""POST /auth/login {"username":"mallory","password":"mallory"} → 403 *""");
    }

    [Fact]
    public async Task Headers_SayTheTotalAndThePages_ToPagesOfOtherOrigins()
    {
        await using var script = await StartAsync();
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        client.DefaultRequestHeaders.Add("Origin", "http://localhost:3000");
        using var answer = await client.GetAsync("/api/posts?_page=1&_limit=1&views_gte=1");
        Assert.Equal("2", Assert.Single(answer.Headers.GetValues("X-Total-Count")));
        var address = $"{script.Mock.Url}api/posts?_page=";
        Assert.Equal($"<{address}1&_limit=1&views_gte=1>; rel=\"first\", <{address}2&_limit=1&views_gte=1>; rel=\"next\", <{address}2&_limit=1&views_gte=1>; rel=\"last\"", Assert.Single(answer.Headers.GetValues("Link")));
        var exposed = Assert.Single(answer.Headers.GetValues("Access-Control-Expose-Headers")).Split(',');
        Assert.All(Mock.Data.DataEndpoint.ExposedHeaders, name => Assert.Contains(name, exposed));
    }

    [Theory]
    [InlineData("text/plain", "{}", 415)]
    [InlineData("application/json", "{\"a\":1,\"a\":2}", 400)]
    [InlineData("application/json", "[]", 400)]
    [InlineData("application/json", "{", 400)]
    [InlineData("application/json", "{\"id\":1}", 409)]
    [InlineData("application/json", "", 201)]
    [InlineData("application/x-www-form-urlencoded", "title=x", 201)]
    public async Task Writing_IsRefused_WhenTheBodyIsWrong(string mediaType, string body, int status)
    {
        await using var script = await StartAsync();
        await script.LogInAsync("ada", "ada");
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", script["ada"]);
        using var answer = await client.PostAsync("/api/posts", new StringContent(body, System.Text.Encoding.UTF8, mediaType));
        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 201) Assert.Equal($"{script.Mock.Url}api/posts/3", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Lists_AreAnswered_WhenAnItemIsAsDeepAsABodyMayBe()
    {
        await using var script = await StartAsync();
        await script.LogInAsync("ada", "ada");
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", script["ada"]);
        foreach (var (depth, status) in ((int, int)[])[(JsonSpotReader.MaxDepth, 201), (JsonSpotReader.MaxDepth + 1, 400)])
        {
            using var made = await client.PostAsync("/api/comments", new StringContent($"{{\"postId\":1,\"a\":{new string('[', depth - 1)}{new string(']', depth - 1)}}}", System.Text.Encoding.UTF8, "application/json"));
            Assert.Equal(status, (int)made.StatusCode);
        }

        foreach (var path in (string[])["comments", "comments?_expand=post", "posts?_embed=comments", "posts/1/comments", "db"])
            Assert.Equal(200, (int)(await client.GetAsync($"/api/{path}", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Writing_IsRefused_WhenTheBodyIsTooLarge()
    {
        await using var script = await StartAsync();
        await script.LogInAsync("ada", "ada");
        using var client = new HttpClient { BaseAddress = script.Mock.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", script["ada"]);
        using var answer = await client.PostAsync("/api/posts", new StringContent($"{{\"a\":\"{new string('x', 1024 * 1024)}\"}}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(413, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Data_NeedAToken_WhenNoRouteOpensThem()
    {
        await using var script = await Script.StartAsync(null, more: options =>
        {
            options.DataFile = Sample("db.json");
            options.Routes.Add(new MockRoute("/other") { IsAnonymous = true });
        });
        await script.LogInAsync("user", "user");
        await script.RunAsync("""
            GET /api/posts → 401 *
            GET /api/posts/1 Authorization: Bearer $user → 200 *
            """);
    }

    private static Task<Script> StartAsync(Action<MockOptions>? more = null, bool accounts = true) => Script.StartAsync(null, more: options =>
    {
        (options.AccountsFile, options.RoutesFile, options.DataFile) = (accounts ? Sample("accounts.json") : null, Sample("routes.json"), Sample("db.json"));
        more?.Invoke(options);
    });

    private static string Sample(string name) => Path.Combine(Repository.Root, "samples", "mock", name);
}
