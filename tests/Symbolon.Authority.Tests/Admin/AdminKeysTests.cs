using System.Text.Json;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Admin;

/// <summary>Keys are the whole server's, so each test has a server of its own.</summary>
public sealed class AdminKeysTests : IAsyncLifetime
{
    private static readonly TimeSpan AnnounceFor = TimeSpan.FromMinutes(15);
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task List_ShowsTheActiveKey_AndNothingSecret()
    {
        var list = (await server.GetAsync("/admin/keys", await server.AdminAsync())).Is(200);

        var key = Assert.Single(list["items"].EnumerateArray());
        Assert.Equal(["kid", "alg", "state", "announced_at", "signs_from"], key.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("ES256", "active"), (key.GetProperty("alg").GetString(), key.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Rotate_AnnouncesAKey_ThatSignsLater_AndRefusesNoToken() // [I6]
    {
        var old = await server.AdminAsync();

        var rotated = (await server.PostAsync("/admin/keys/rotate", null, old)).Is(200);

        Assert.Equal(["active", "announced"], States(rotated));
        Assert.Equal(States(rotated), States((await server.PostAsync("/admin/keys/rotate", null, old)).Is(200))); // one is announced already
        Assert.Equal(2, (await JwksAsync()).Count);
        var (_, before) = await server.RegisterAsync();
        server.Time.Advance(AnnounceFor - TimeSpan.FromMinutes(6));
        await PollAsync();
        var (_, last) = await server.RegisterAsync();
        server.Time.Advance(TimeSpan.FromMinutes(6));
        await PollAsync();
        var (_, after) = await server.RegisterAsync();

        Assert.Equal(Kid(before), Kid(last));
        Assert.NotEqual(Kid(before), Kid(after));
        (await server.GetAsync("/auth/me", last.AccessToken)).Is(200);
        (await server.GetAsync("/auth/me", after.AccessToken)).Is(200);
        Assert.Equal(["retiring", "active"], States((await server.GetAsync("/admin/keys", await server.AdminAsync())).Is(200)));
        Assert.Equal(2, (await JwksAsync()).Count);
        server.Time.Advance(TimeSpan.FromMinutes(70));
        await PollAsync();
        Assert.Equal([Kid(after)], await JwksAsync());
    }

    [Fact]
    public async Task Delete_RefusesTheKeysTokensAtOnce_AndNewTokensWork()
    {
        var ((name, tokens), admin) = (await server.RegisterAsync(), await server.AdminAsync());

        (await server.DeleteAsync($"/admin/keys/{Kid(tokens)}", admin)).Is(204);

        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "token_key");
        (await server.GetAsync("/admin/keys", admin)).IsProblem(401, "token_key");
        var next = (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        (await server.GetAsync("/auth/me", next.AccessToken)).Is(200);
        (await server.LoginAsync(name)).Is(200);
        Assert.Equal([Kid(next)], await JwksAsync());
        Assert.Equal(["removed", "active"], States((await server.GetAsync("/admin/keys", await server.AdminAsync())).Is(200)));
    }

    [Fact]
    public async Task Delete_Is404_WhenThereIsNoSuchKey()
    {
        var admin = await server.AdminAsync();

        (await server.DeleteAsync("/admin/keys/nonsense", admin)).IsProblem(404, "not_found");

        (await server.GetAsync("/auth/me", admin)).Is(200);
    }

    [Fact]
    public async Task Delete_TakesAnAnnouncedKeyBack()
    {
        var admin = await server.AdminAsync();
        var announced = (await server.PostAsync("/admin/keys/rotate", null, admin)).Is(200)["items"][1].GetProperty("kid").GetString();

        (await server.DeleteAsync($"/admin/keys/{announced}", admin)).Is(204);

        (await server.GetAsync("/auth/me", admin)).Is(200);
        Assert.DoesNotContain(announced, await JwksAsync());
    }

    private static List<string> States(Answer list) => [.. list["items"].EnumerateArray().Select(key => key.GetProperty("state").GetString()!)];

    private static string Kid(Answer tokens) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(tokens.AccessToken.Split('.')[0])).RootElement.GetProperty("kid").GetString()!;

    private async Task<List<string>> JwksAsync() =>
        [.. (await server.GetAsync("/.well-known/jwks.json")).Is(200)["keys"].EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];

    private Task PollAsync() => server.Get<RotateSigningKeys>().RunIfDueAsync(CancellationToken.None);
}
