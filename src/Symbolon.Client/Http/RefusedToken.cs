using System.Net;
using System.Text.Json;
using Symbolon.Client.Authority;

namespace Symbolon.Client.Http;

/// <summary>Whether a 401 is about the token that was sent: then a new one may help.</summary>
internal static class RefusedToken
{
    private const int LongestProblem = 16 * 1024;

    /// <summary>By RFC 6750 §3.1, or by the code of a problem document whose length is known.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="asked">Where the token was sent. After a redirect somebody answers who never saw it.</param>
    /// <param name="ct">Cancels the reading.</param>
    public static async ValueTask<bool> IsInAsync(HttpResponseMessage response, Uri asked, CancellationToken ct)
    {
        if (response.StatusCode != HttpStatusCode.Unauthorized || (response.RequestMessage is { } answered && answered.RequestUri != asked)) return false;
        if (response.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) && challenge.Parameter?.Contains("\"invalid_token\"") == true)) return true;
        if (response.Content.Headers is not { ContentType.MediaType: "application/problem+json", ContentLength: <= LongestProblem }) return false;
        await response.Content.LoadIntoBufferAsync(LongestProblem, ct).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        return IsOurs(body);
    }

    private static bool IsOurs(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ClientJson.Default.ProblemResponse) is { IsOurs: true, Code: var code }
                && (code is "claims_stale" || (code!.StartsWith("token_", StringComparison.Ordinal) && code != "token_missing"));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
