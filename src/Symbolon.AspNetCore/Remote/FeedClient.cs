using System.Net.Http.Headers;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore.Remote;

/// <summary>Speaks to the feed: pages, the stream, acknowledgements. Holds no state but its token.</summary>
internal sealed class FeedClient(Uri feed, ClientToken token, RemoteHttp http)
{
    private const int MaxAnswer = 64 * 1024;
    private static readonly TimeSpan PageWithin = TimeSpan.FromSeconds(10), AnswersWithin = TimeSpan.FromSeconds(2);

    /// <summary>Reads a page; null when the log no longer has what follows that number.</summary>
    /// <param name="since">The number to go on from; null for a snapshot.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<RevocationPage?> ReadAsync(long? since, CancellationToken ct)
    {
        var address = since is null ? feed : new Uri($"{feed}?since={since}");
        var answer = await AskAsync(() => new HttpRequestMessage(HttpMethod.Get, address), RevocationJson.MaxLength, PageWithin, ct);
        if (answer.Status == 410) return null;
        if (answer.Status != 200) throw Unexpected(answer.Status);
        var page = RevocationJson.ReadPage(answer.Body);
        return page.Since == since ? page : throw new FormatException("The page does not begin where it was asked to.");
    }

    /// <summary>Opens the stream after a number; null when the log no longer has what follows it.</summary>
    public async Task<HttpResponseMessage?> OpenAsync(string timeline, long after, CancellationToken ct)
    {
        var response = await SendAsync(bearer => http.OpenAsync(Authorized(Request(), bearer), ct), response => (int)response.StatusCode, ct);
        var (status, type) = ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType);
        if (status == 200 && type == "text/event-stream") return response;
        response.Dispose();
        return status == 410 ? null : throw (status == 200 ? new FormatException("The stream is not an event stream.") : Unexpected(status));

        HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, RemoteAddress.Below(feed, $"/stream?timeline={Uri.EscapeDataString(timeline)}"));
            request.Headers.Add("Last-Event-ID", $"{after}");
            request.Headers.Accept.ParseAdd("text/event-stream");
            return request;
        }
    }

    /// <summary>Acknowledges, and learns what is newest.</summary>
    public async Task<(string Timeline, long Seq)> AcknowledgeAsync(Acknowledgement ack, CancellationToken ct)
    {
        var answer = await AskAsync(
            () => new HttpRequestMessage(HttpMethod.Post, RemoteAddress.Below(feed, "/ack")) { Content = new ReadOnlyMemoryContent(ack.ToJson()) { Headers = { ContentType = new("application/json") } } },
            MaxAnswer, AnswersWithin, ct);
        if (answer.Status != 200) throw Unexpected(answer.Status);
        using var json = RemoteJson.Object(answer.Body);
        return json?.RootElement is { } root && root.Text("timeline") is { } timeline && root.Number("seq") is { } seq
            ? (timeline, seq) : throw new FormatException("The acknowledgement's answer is not JSON with 'timeline' and 'seq'.");
    }

    private Task<RemoteAnswer> AskAsync(Func<HttpRequestMessage> request, int maxLength, TimeSpan within, CancellationToken ct) =>
        SendAsync(bearer => http.AskAsync(Authorized(request(), bearer), maxLength, within, ct), answer => answer.Status, ct);

    // A token that is refused is replaced once: it may have expired early, or its key may be gone.
    private async Task<T> SendAsync<T>(Func<string, Task<T>> send, Func<T, int> status, CancellationToken ct)
    {
        var bearer = await token.GetAsync(ct);
        var answer = await send(bearer);
        if (status(answer) != 401 || !token.Refuse(bearer)) return answer;
        (answer as IDisposable)?.Dispose();
        return await send(await token.GetAsync(ct));
    }

    private static HttpRequestMessage Authorized(HttpRequestMessage request, string bearer)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return request;
    }

    private RemoteException Unexpected(int status) => new($"{feed} answered {status}.");

}
