using System.Text.Json;
using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.OAuth;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary>Every way to end a session or a token over HTTP, with the exact entries that it writes: kind, whose, number, reason.</summary>
public abstract class EveryPathTests : IAsyncLifetime
{
    private static readonly (string, string) Here = ("X-Symbolon", "1");
    private TestServer server = null!;

    private protected abstract IEnumerable<(string, string)> Store { get; }

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync([.. Store, ("Symbolon:Session:Limit", "3")]);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task LogOut_WritesTheSession_ByEachToken()
    {
        var (body, bearer, revoked, jar) = (await UserAsync(), await UserAsync(), await UserAsync(), await CookieUserAsync());

        await WritesAsync(() => server.PostAsync("/auth/logout", new { refresh_token = body.RefreshToken }), $"Session {body.SessionId} 0 logout");
        await WritesAsync(() => server.PostAsync("/auth/logout", null, jar.AccessToken, ("Cookie", jar.Cookie), Here), $"Session {jar.SessionId} 0 logout");
        await WritesAsync(() => server.PostAsync("/auth/logout", null, bearer.AccessToken), $"Session {bearer.SessionId} 0 logout");
        await WritesAsync(() => server.FormAsync("/oauth/revoke", ("token", revoked.RefreshToken), ("client_id", "web")), $"Session {revoked.SessionId} 0 logout");
        await WritesAsync(() => server.PostAsync("/auth/logout", new { refresh_token = body.RefreshToken })); // ended already
        await WritesAsync(() => server.PostAsync("/auth/logout"));
    }

    [Fact]
    public async Task OwnEnds_WriteOneEntryForEachSession_OrOneForAll()
    {
        var (name, one) = await server.RegisterAsync();
        var (two, three) = ((await server.LoginAsync(name)).Is(200), (await server.LoginAsync(name)).Is(200));

        await WritesAsync(() => server.DeleteAsync($"/auth/sessions/{two.SessionId}", one.AccessToken), $"Session {two.SessionId} 0 ended_by_user");
        await WritesAsync(() => server.DeleteAsync("/auth/sessions?scope=others", one.AccessToken), $"Session {three.SessionId} 0 ended_by_user");
        await server.LoginAsync(name);
        await server.LoginAsync(name);
        await WritesAsync(() => server.DeleteAsync("/auth/sessions?scope=all", one.AccessToken), $"Subject {Sub(one)} 1 all_ended");
    }

    [Fact]
    public async Task AccountChanges_WriteTheEpoch_BeforeAndAfter()
    {
        var (_, one) = await server.RegisterAsync();
        var answer = await WritesAsync(
            () => server.PostAsync("/auth/password", new { current_password = TestServer.Password, new_password = "another good one" }, one.AccessToken),
            $"Subject {Sub(one)} 1 password_changed", $"Subject {Sub(one)} 2 password_changed");

        await WritesAsync(
            () => server.DeleteAsync("/auth/account", answer.AccessToken, new { password = "another good one" }),
            $"Subject {Sub(one)} 3 account_deleted", $"Subject {Sub(one)} 4 account_deleted");
    }

    [Fact]
    public async Task Administrators_WriteWhatTheyEnd()
    {
        var (user, admin) = (await UserAsync(), await server.AdminAsync());
        var account = $"/admin/users/{Sub(user)}";

        await WritesAsync(() => server.PatchAsync(account, new { display_name = "Nobody" }, admin));
        await WritesAsync(() => server.PatchAsync(account, new { roles = new[] { "editor" } }, admin), $"Claims {Sub(user)} 1 ");
        await WritesAsync(() => server.PostAsync($"{account}/end-sessions", new { soft = true }, admin), $"Claims {Sub(user)} 2 ");
        await WritesAsync(() => server.DeleteAsync($"/admin/sessions/{user.SessionId}", admin), $"Session {user.SessionId} 0 ended_by_admin");
        await WritesAsync(() => server.PostAsync($"{account}/end-sessions", null, admin), $"Subject {Sub(user)} 1 ended_by_admin");
        await WritesAsync(() => server.PatchAsync(account, new { disabled = true }, admin), $"Subject {Sub(user)} 2 account_disabled");
        await WritesAsync(() => server.PatchAsync(account, new { disabled = false }, admin));
        await WritesAsync(() => server.DeleteAsync($"/admin/keys/{Kid(admin)}", admin), $"Key {Kid(admin)} 0 ");
        var again = await server.AdminAsync();
        await WritesAsync(() => server.PostAsync("/admin/end-all", null, again), "Era  1 all_ended");
    }

    [Fact]
    public async Task Reuse_WritesTheSession()
    {
        var user = await UserAsync();
        (await server.RefreshAsync(user.RefreshToken)).Is(200);
        server.Time.Advance(TimeSpan.FromMinutes(10));

        await WritesAsync(() => server.RefreshAsync(user.RefreshToken), $"Session {user.SessionId} 0 refresh_reuse");
    }

    [Fact]
    public async Task LogIn_WritesTheSessionsThatMakeRoom()
    {
        var (name, first) = await server.RegisterAsync();
        var device = (await OnDeviceAsync(name, "phone")).Is(200);

        var again = await WritesAsync(() => OnDeviceAsync(name, "phone"), $"Session {device.SessionId} 0 replaced");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await WritesAsync(() => server.LoginAsync(name));
        await server.RefreshAsync(again.RefreshToken);
        await WritesAsync(() => server.LoginAsync(name), $"Session {first.SessionId} 0 session_limit");
    }

    private Task<Answer> OnDeviceAsync(string name, string id) =>
        server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, device = new { id } });

    private async Task<Answer> UserAsync() => (await server.RegisterAsync()).Tokens;

    private async Task<Answer> CookieUserAsync() => (await server.PostAsync(
        "/auth/register", new { username = TestServer.NewName(), password = TestServer.Password, transport = "cookie" }, null, Here)).Is(201);

    // What was there before is there still, and what is new is exactly this.
    private async Task<Answer> WritesAsync(Func<Task<Answer>> call, params string[] expected)
    {
        var log = server.Get<IRevocationLog>();
        var before = (await log.ReadAsync(null, 0, default))!;
        var answer = await call();
        Assert.True(answer.Status < 500, answer.Text);
        var page = (await log.ReadAsync(before.Newest, 100, default))!;
        Assert.Equal(expected, page.Entries.Select(logged => $"{logged.Entry!.Kind} {logged.Entry.Key} {logged.Entry.Number} {logged.Entry.Reason}"));
        Assert.Equal(Enumerable.Range(1, expected.Length).Select(n => before.Newest + n), page.Entries.Select(logged => logged.Seq));
        return answer;
    }

    private static string Sub(Answer tokens) => tokens.AccessToken.Claims().GetProperty("sub").GetString()!;

    private static string Kid(string token) => JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])).GetProperty("kid").GetString()!;
}

public sealed class InMemoryEveryPathTests : EveryPathTests
{
    private protected override IEnumerable<(string, string)> Store => [];
}

public sealed class SqliteEveryPathTests : EveryPathTests
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-");

    private protected override IEnumerable<(string, string)> Store =>
        [("Symbolon:Storage:Provider", "sqlite"), ("ConnectionStrings:Symbolon", $"Data Source={Path.Combine(folder.FullName, "symbolon.db")}")];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
