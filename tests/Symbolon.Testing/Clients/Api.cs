using System.Net.Http.Json;
using System.Text.Json;

namespace Symbolon.Testing.Clients;

/// <summary>Calls a server as a client would that keeps its own tokens.</summary>
public sealed class Api(Uri address) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 256 })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Where it calls.</summary>
    public Uri Address => address;

    public Task<Answer> RefreshAsync(string token, string? attempt = null) =>
        PostAsync("/auth/refresh", new { refresh_token = token }, attempt is null ? [] : [("Symbolon-Attempt", attempt)]);

    public Task<Answer> LogoutAsync(string token) => PostAsync("/auth/logout", new { refresh_token = token });

    public Task<Answer> PostAsync(string path, object? body, params (string, string)[] headers) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), headers);

    public Task<Answer> GetAsync(string path, string? accessToken = null) =>
        SendAsync(HttpMethod.Get, path, content: null, accessToken is null ? [] : [("Authorization", $"Bearer {accessToken}")]);

    /// <summary>Null when no answer comes: a server that is killed breaks connections in every way there is.</summary>
    public async Task<Answer?> TryAsync(Func<Api, Task<Answer>> request)
    {
        try
        {
            return await request(this);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Null when nobody answers.</summary>
    public async Task<Answer?> TryGetAsync(string path)
    {
        try
        {
            return await GetAsync(path);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(
            (int)response.StatusCode,
            text,
            response.Headers.RetryAfter is not null,
            response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.First() : null);
    }

    public void Dispose() => http.Dispose();
}

/// <summary>Sends a request to some server; null when no answer came.</summary>
public delegate Task<Answer?> Route(Func<Api, Task<Answer>> request);

/// <summary>An answer.</summary>
public sealed record Answer(int Status, string Text, bool HasRetryAfter, string? Cookie)
{
    public string? Code => Member("code");

    public string? Reason => Member("reason");

    public string? RefreshToken => Member("refresh_token");

    public string? AccessToken => Member("access_token");

    public string? Session => Member("session_id");

    public int Generation => Json is { } json && json.TryGetProperty("generation", out var value) ? value.GetInt32() : 0;

    private JsonElement? Json => Text.StartsWith('{') ? JsonElement.Parse(Text) : null;

    public string? Member(string name) => Json is { } json && json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
