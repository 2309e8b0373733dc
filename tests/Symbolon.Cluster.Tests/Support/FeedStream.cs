using System.Globalization;
using System.Net;

namespace Symbolon.Cluster.Support;

/// <summary>A verifier's side of the revocation stream, read as it comes over the wire.</summary>
/// <param name="address">The authority's.</param>
/// <param name="token">An access token with scope <c>revocations</c>.</param>
internal sealed class FeedStream(Uri address, string token) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>An access token that opens the streams of all authorities of the cluster.</summary>
    public static async Task<string> TokenAsync(Api api)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["scope"] = "revocations", ["client_id"] = Cluster.Verifier, ["client_secret"] = Cluster.VerifierSecret,
        });
        var answer = await api.SendAsync(HttpMethod.Post, "/oauth/token", form);
        return answer.AccessToken ?? throw new InvalidOperationException($"{answer}");
    }

    /// <summary>Reads the entries above a number, for as long as the caller likes.</summary>
    /// <exception cref="HistoryException">The stream begins elsewhere, or asks for a snapshot.</exception>
    public async IAsyncEnumerable<(long Seq, string Text)> ReadAsync(long after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/revocations/stream");
        request.Headers.Add("Authorization", $"Bearer {token}");
        request.Headers.Add("Last-Event-ID", after.ToString(CultureInfo.InvariantCulture));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.StatusCode != HttpStatusCode.OK) throw new HistoryException($"the stream above {after} is answered with {response.StatusCode}");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var id = 0L;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == "event: resync") throw new HistoryException($"the stream above {after} asks for a snapshot");
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = long.Parse(line[4..], CultureInfo.InvariantCulture);
            if (id == 0 || !line.StartsWith("data: ", StringComparison.Ordinal)) continue;
            yield return (id, line[6..]);
            id = 0;
        }
    }

    public void Dispose() => http.Dispose();
}
