using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Server.Processes;

namespace Symbolon.Server.Secrets;

/// <summary>A sample of everything that clients send, right and wrong. Collects the secrets in it, and the answers that must hold none.</summary>
internal sealed class Traffic(Api api, SecretBag secrets)
{
    public const string ShopSecret = "the-shop's-client-secret-9f2c";

    private readonly List<string> answers = [];

    /// <summary>Every answer but token responses.</summary>
    public IReadOnlyList<string> Answers => answers;

    public async Task RunAsync(string adminPassword)
    {
        secrets.Add("the shop's client secret", ShopSecret);
        secrets.Add("the administrator's password", adminPassword);
        await SignUpAndInAsync();
        await RefreshAsync();
        await GuessAsync();
        await MalformAsync();
        await ShopAsync();
        await AccountAsync();
        await AdministerAsync(adminPassword);
    }

    /// <summary>Sends and keeps what comes: tokens and cookies as secrets, everything else as an answer.</summary>
    public async Task<Answer> SendAsync(int status, HttpMethod method, string path, HttpContent? content, params (string, string)[] headers)
    {
        var answer = await api.SendAsync(method, path, content, headers);
        Assert.True(answer.Status == status, $"{method} {path}: {answer}");
        if (answer.RefreshToken is { } refresh) secrets.AddRefreshToken(refresh);
        if (answer.Cookie?.Split(['=', ';'])[1] is { Length: > 0 } cookie) secrets.AddRefreshToken(cookie);
        if (answer.AccessToken is { } access) secrets.AddAccessToken(access);
        else answers.Add($"{method} {path}: {answer.Text}");
        return answer;
    }

    public Task<Answer> PostAsync(int status, string path, object body, params (string, string)[] headers) =>
        SendAsync(status, HttpMethod.Post, path, JsonContent.Create(body), headers);

    private string Password(string name) => secrets.Add($"{name}'s password", $"{name} {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");

    private string Attempt() => secrets.Add("an attempt id", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));

    private static (string, string) Bearer(Answer tokens) => ("Authorization", $"Bearer {tokens.AccessToken}");

    private static (string, string) Cookie(Answer tokens) => ("Cookie", tokens.Cookie!.Split(';')[0]);

    private async Task SignUpAndInAsync()
    {
        var (alice, bob) = (Password("alice"), Password("robert"));
        await PostAsync(201, "/auth/register", new { username = "alice", password = alice, email = "alice@example.com" });
        await PostAsync(201, "/auth/register", new { username = "robert", password = bob, transport = "cookie" }, ("X-Symbolon", "1"));
        await PostAsync(409, "/auth/register", new { username = "alice", password = Password("another") });
        await PostAsync(400, "/auth/register", new { username = "carol", password = secrets.Add("a weak password", "password1") });
        await PostAsync(200, "/auth/login", new { username = "alice", password = alice, device = new { id = "d1", name = "laptop" } });
        var jar = await PostAsync(200, "/auth/login", new { username = "robert", password = bob, transport = "cookie" }, ("X-Symbolon", "1"));
        await PostAsync(403, "/auth/refresh", new { }, Cookie(jar), ("Origin", "https://evil.example"));
        jar = await PostAsync(200, "/auth/refresh", new { }, Cookie(jar), ("X-Symbolon", "1"), ("Symbolon-Attempt", Attempt()));
        await PostAsync(204, "/auth/logout", new { }, Cookie(jar), ("X-Symbolon", "1"));
        await PostAsync(401, "/auth/refresh", new { }, Cookie(jar), ("X-Symbolon", "1"));
    }

    private async Task RefreshAsync()
    {
        var password = Password("dora");
        var first = await PostAsync(201, "/auth/register", new { username = "dora", password });
        var second = await PostAsync(200, "/auth/refresh", new { refresh_token = first.RefreshToken }, ("Symbolon-Attempt", Attempt()));
        await PostAsync(200, "/auth/refresh", new { refresh_token = first.RefreshToken });
        var third = await PostAsync(200, "/auth/refresh", new { refresh_token = second.RefreshToken });
        var fourth = await PostAsync(200, "/auth/refresh", new { refresh_token = third.RefreshToken });
        await PostAsync(200, "/auth/refresh", new { refresh_token = fourth.RefreshToken });
        var reuse = await PostAsync(401, "/auth/refresh", new { refresh_token = first.RefreshToken });
        Assert.Equal("refresh_reuse", reuse.Code);
        await SendAsync(401, HttpMethod.Get, "/auth/me", null, Bearer(fourth));
    }

    private async Task GuessAsync()
    {
        await PostAsync(401, "/auth/login", new { username = "alice", password = Password("wrong") });
        await PostAsync(401, "/auth/login", new { username = "nobody", password = Password("unknown") });
        var forged = $"srt_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(62)).Replace('+', '-').Replace('/', '_').TrimEnd('=')}";
        secrets.AddRefreshToken(forged);
        await SendAsync(503, HttpMethod.Post, "/auth/refresh", JsonContent.Create(new { refresh_token = forged })); // of a key that is not known here
        var tokens = await PostAsync(201, "/auth/register", new { username = "emma", password = Password("emma") });
        var altered = tokens.RefreshToken![..^30] + new string('A', 30);
        secrets.AddRefreshToken(altered);
        await PostAsync(401, "/auth/refresh", new { refresh_token = altered });
        var jwt = tokens.AccessToken![..^40] + new string('B', 40);
        secrets.AddAccessToken(jwt);
        await SendAsync(401, HttpMethod.Get, "/auth/me", null, ("Authorization", $"Bearer {jwt}"));
        await SendAsync(401, HttpMethod.Get, "/auth/me", null, ("Authorization", $"Basic {secrets.Add("a stray credential", Convert.ToBase64String("emma:guess"u8))}"));
    }

    private async Task MalformAsync()
    {
        var (tokens, password) = (await PostAsync(201, "/auth/register", new { username = "fiona", password = Password("fiona") }), Password("malformed"));
        foreach (var body in new[]
        {
            $$"""{"username":"fiona","password":["{{password}}"]}""", $$"""{"username":"fiona","password":"{{password}}",""", $$"""{"{{password}}":1,"{{password}}":2}""",
            $$"""{"username":"fiona","password":"{{password}}","password":"{{password}}"}""", $"\"{password}\"", $$"""{"username":{"{{password}}":[] },"password":1}""",
        })
        {
            await SendAsync(400, HttpMethod.Post, "/auth/login", new StringContent(body, Encoding.UTF8, "application/json"));
        }

        await SendAsync(415, HttpMethod.Post, "/auth/login", new StringContent(password, Encoding.UTF8, "text/plain"));
        await SendAsync(413, HttpMethod.Post, "/auth/login", new StringContent($$"""{"password":"{{password}}{{new string('x', 1_100_000)}}"}""", Encoding.UTF8, "application/json"));
        await SendAsync(400, HttpMethod.Post, "/auth/refresh", new StringContent($$"""{"refresh_token":"{{tokens.RefreshToken}}""", Encoding.UTF8, "application/json"));
        await PostAsync(400, "/auth/refresh", new { refresh_token = tokens.RefreshToken }, ("Symbolon-Attempt", secrets.Add("a malformed attempt id", "not an attempt id")));
        await SendAsync(404, HttpMethod.Post, "/auth/nowhere", JsonContent.Create(new { password }), Bearer(tokens));
        await SendAsync(405, HttpMethod.Put, "/auth/login", JsonContent.Create(new { password }));
        await PostAsync(204, "/auth/logout", new { refresh_token = tokens.RefreshToken });
    }

    private async Task ShopAsync()
    {
        var tokens = await PostAsync(201, "/auth/register", new { username = "george", password = Password("george") });
        var basic = secrets.Add("a client's credential", Convert.ToBase64String(Encoding.UTF8.GetBytes($"shop:{Uri.EscapeDataString(ShopSecret)}")));
        await OAuthAsync(400, "/oauth/token", tokens.RefreshToken!, [], ("Authorization", $"Basic {basic}")); // another client's token
        await OAuthAsync(400, "/oauth/token", tokens.RefreshToken!, [new("client_id", "shop"), new("client_secret", ShopSecret)]);
        await OAuthAsync(400, "/oauth/token", tokens.RefreshToken!, [new("client_id", "shop"), new("client_secret", secrets.Add("a wrong secret", "not-the-shop's-secret"))]);
        var next = await OAuthAsync(200, "/oauth/token", tokens.RefreshToken!, [new("client_id", "web")]);
        await OAuthAsync(200, "/oauth/revoke", next.RefreshToken!, [new("client_id", "web"), new("token", next.RefreshToken!)]);
    }

    private Task<Answer> OAuthAsync(int status, string path, string token, IEnumerable<KeyValuePair<string, string>> more, params (string, string)[] headers) =>
        SendAsync(status, HttpMethod.Post, path, new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", token), .. more]), headers);

    private async Task AccountAsync()
    {
        var (old, changed) = (Password("harriet"), Password("harriet"));
        var tokens = await PostAsync(201, "/auth/register", new { username = "harriet", password = old });
        await SendAsync(200, HttpMethod.Patch, "/auth/me", JsonContent.Create(new { display_name = "Harriet" }), Bearer(tokens));
        await SendAsync(401, HttpMethod.Post, "/auth/password", JsonContent.Create(new { current_password = changed, new_password = changed }), Bearer(tokens));
        tokens = await SendAsync(200, HttpMethod.Post, "/auth/password", JsonContent.Create(new { current_password = old, new_password = changed }), Bearer(tokens));
        await SendAsync(200, HttpMethod.Get, "/auth/sessions", null, Bearer(tokens));
        await SendAsync(204, HttpMethod.Delete, "/auth/account", JsonContent.Create(new { password = changed }), Bearer(tokens));
    }

    private async Task AdministerAsync(string password)
    {
        var admin = await PostAsync(200, "/auth/login", new { username = "admin", password });
        var users = await SendAsync(200, HttpMethod.Get, "/admin/users", null, Bearer(admin));
        var alice = System.Text.Json.JsonElement.Parse(users.Text).GetProperty("items").EnumerateArray().First(user => user.GetProperty("username").GetString() == "alice").GetProperty("sub").GetString();
        await SendAsync(200, HttpMethod.Patch, $"/admin/users/{alice}", JsonContent.Create(new { disabled = true }), Bearer(admin));
        foreach (var path in new[] { "/admin/sessions", "/admin/keys", "/admin/events?limit=200" }) await SendAsync(200, HttpMethod.Get, path, null, Bearer(admin));
        await SendAsync(200, HttpMethod.Post, "/admin/keys/rotate", null, Bearer(admin));
    }
}
