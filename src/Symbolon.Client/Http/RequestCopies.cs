using System.Net.Http.Headers;

namespace Symbolon.Client.Http;

/// <summary>A request as its caller made it, and the messages that are sent in its place. The caller's own is never changed: whoever sends it again, such as a retry handler above, starts from the beginning.</summary>
internal sealed class RequestCopies(HttpRequestMessage request, int maxReplay)
{
    private ReplayableContent? body;

    /// <summary>The message that is sent first.</summary>
    public HttpRequestMessage First(AccessToken? token)
    {
        body = request.Content is { } content ? new ReplayableContent(content, maxReplay) : null;
        return Copy(token, body);
    }

    /// <summary>The message that is sent after a refresh; null, and why, when the body cannot be sent again.</summary>
    public HttpRequestMessage? Second(AccessToken token, out NotReplayedReason reason)
    {
        reason = default;
        if (body is null) return Copy(token, null);
        return body.Again(out reason) is { } again ? Copy(token, again) : null;
    }

    private HttpRequestMessage Copy(AccessToken? token, HttpContent? content)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version, VersionPolicy = request.VersionPolicy, Content = content };
        foreach (var header in request.Headers.NonValidated)
            foreach (var value in header.Value) copy.Headers.TryAddWithoutValidation(header.Key, value);
        foreach (var option in request.Options) ((IDictionary<string, object?>)copy.Options)[option.Key] = option.Value;
        if (token is not null) copy.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return copy;
    }
}
