using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Symbolon.Testing;

namespace Symbolon.Browser;

/// <summary>A server, and what its administrator sees of it.</summary>
public sealed class Authority : IAsyncDisposable
{
    private readonly ServerProcess server;
    private readonly HttpClient http;

    private Authority(ServerProcess server)
    {
        this.server = server;
        http = new HttpClient { BaseAddress = server.Address };
    }

    public Uri Address => server.Address;

    public static async Task<Authority> StartAsync(params (string Key, string Value)[] settings)
    {
        var authority = new Authority(await ServerProcess.StartAsync(settings));
        var login = await authority.http.PostAsJsonAsync("/auth/login", new { username = ServerProcess.AdminUserName, password = ServerProcess.AdminPassword });
        var token = (await login.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        authority.http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return authority;
    }

    /// <summary>What the administrator's event list says of a session, oldest first, such as <c>session_ended refresh_reuse</c>.</summary>
    public async Task<IReadOnlyList<string>> EventsOfAsync(string sid)
    {
        var page = await http.GetFromJsonAsync<JsonElement>($"/admin/events?sid={sid}");
        return [.. page.GetProperty("items").EnumerateArray().Select(Describe).Reverse()];
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    private static string Describe(JsonElement item) =>
        item.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String
            ? $"{item.GetProperty("kind").GetString()} {reason.GetString()}"
            : item.GetProperty("kind").GetString()!;
}
