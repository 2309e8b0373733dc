using System.Net.Http.Json;
using System.Text.Json;
using Symbolon.Testing;

namespace Symbolon.Edge.Processes;

/// <summary>Starts the real server, with a client for verifiers.</summary>
internal static class Authorities
{
    public const string VerifierId = "verifier";
    public const string VerifierSecret = "only verifiers know this one";

    /// <summary>Starts one: SQLite unless the settings say otherwise.</summary>
    public static Task<ServerProcess> StartAsync(params IEnumerable<(string Key, string Value)> settings) => ServerProcess.StartAsync(
    [
        ("Symbolon:Clients:0:Id", VerifierId),
        ("Symbolon:Clients:0:Secret", VerifierSecret),
        ("Symbolon:Clients:0:Scopes:0", "revocations"),
        .. settings,
    ]);
}

/// <summary>Calls an authority.</summary>
internal sealed class AuthorityCalls(ServerProcess server) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address, Timeout = Patiently.Patience };

    /// <summary>Calls; a body is sent as JSON, or as a form when it is a dictionary.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, string? accessToken = null, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            IReadOnlyDictionary<string, string> form => new FormUrlEncodedContent(form),
            _ => JsonContent.Create(body),
        };
        if (accessToken is not null) request.Headers.Authorization = new("Bearer", accessToken);
        using var response = await http.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<Answer> RequireAsync(HttpMethod method, string path, string? accessToken = null, object? body = null)
    {
        var answer = await SendAsync(method, path, accessToken, body);
        Assert.True(answer.Status is >= 200 and < 300, $"{method} {path}: {answer.Status} {answer.Member("code")}");
        return answer;
    }

    /// <summary>Logs in, or registers where there is no such account.</summary>
    public async Task<SignedIn> LogInAsync(string username, string password, bool register = false)
    {
        var answer = await RequireAsync(HttpMethod.Post, register ? "/auth/register" : "/auth/login", body: new { username, password });
        var me = register ? null : await RequireAsync(HttpMethod.Get, "/auth/me", answer.Member("access_token"));
        return SignedIn.Of(answer, me?.Member("sub") ?? "");
    }

    public void Dispose() => http.Dispose();
}

/// <summary>An answer of an authority.</summary>
internal sealed record Answer(int Status, string Text)
{
    public JsonElement? Json => Text.StartsWith('{') ? JsonElement.Parse(Text) : null;

    public string? Member(string name) => Json is { } json && json.TryGetProperty(name, out var value) ? value.ToString() : null;

    public override string ToString() => $"{Status}, {Text.Length} characters"; // may hold tokens
}

/// <summary>A session and its tokens.</summary>
internal sealed record SignedIn(string Subject, string Session, string AccessToken, string RefreshToken)
{
    public static SignedIn Of(Answer answer, string subject) =>
        new(subject, answer.Member("session_id")!, answer.Member("access_token")!, answer.Member("refresh_token")!);

    public override string ToString() => $"session {Session}"; // never a token
}
