using System.Text;
using Symbolon.Bench.Refresh;

namespace Symbolon.Bench.Processes;

/// <summary>Live sessions of a server, and an access token of each: every one made by the server itself, at a refresh.</summary>
internal static class LiveTokens
{
    private const int AtOnce = 16;

    /// <summary>Refreshes each session once.</summary>
    /// <returns>The access tokens, in the order of the seed, which knows the new refresh tokens.</returns>
    public static Task<string[]> GetAsync(ServerProcess server, Seed seed) => GetAsync(server, seed, [.. Enumerable.Range(0, seed.Count)]);

    /// <summary>Refreshes these sessions once.</summary>
    /// <returns>The access tokens, in the order of the indexes.</returns>
    public static async Task<string[]> GetAsync(ServerProcess server, Seed seed, int[] indexes)
    {
        var tokens = new string[indexes.Length];
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async first =>
        {
            using var http = new RawHttp(server.Port);
            for (var i = first; i < tokens.Length; i += AtOnce)
            {
                var status = await http.SendAsync(RawHttp.Request("POST", "/auth/refresh", json: $$"""{"refresh_token":"{{seed[indexes[i]]}}"}"""));
                if (status != 200) throw new InvalidOperationException($"A refresh was answered with status {status}: {http.AnswerText}");
                (tokens[i], seed[indexes[i]]) = (http.Member("access_token"), http.Member("refresh_token"));
            }
        }));
        return tokens;
    }

    /// <summary>Logs a session out.</summary>
    public static byte[] LogOut(Seed seed, int index) => RawHttp.Request("POST", "/auth/logout", json: $$"""{"refresh_token":"{{seed[index]}}"}""");

    /// <summary>A verifier's access token, for the feed.</summary>
    public static async Task<string> VerifierAsync(ServerProcess server)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", "revocations")]) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ServerProcess.Verifier}:{Uri.EscapeDataString(ServerProcess.VerifierSecret)}")));
        using var response = await http.SendAsync(request);
        using var json = System.Text.Json.JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        return json.RootElement.GetProperty("access_token").GetString()!;
    }
}
