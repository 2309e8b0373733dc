using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using Symbolon.Authority.Tests.OAuth;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary>One event of a stream.</summary>
internal sealed record FeedEvent(string Kind, long? Id, JsonElement Data)
{
    public long Seq => Data.GetProperty("seq").GetInt64();
}

/// <summary>Reads a stream of the feed as a verifier would, line by line.</summary>
internal sealed class FeedReader : IAsyncDisposable
{
    // Never what a test is about: only when to give up.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient http;
    private readonly HttpResponseMessage response;
    private readonly Channel<FeedEvent> events = Channel.CreateUnbounded<FeedEvent>();
    private readonly Channel<string> comments = Channel.CreateUnbounded<string>();
    private readonly Task reading;

    private FeedReader(HttpClient http, HttpResponseMessage response, StreamReader lines)
    {
        (this.http, this.response) = (http, response);
        reading = Task.Run(() => ReadAsync(lines));
    }

    public HttpResponseMessage Response => response;

    /// <summary>Lines that are no event: comments.</summary>
    public List<string> Comments { get; } = [];

    /// <summary>Whether the connection was cut before the answer's end.</summary>
    public bool WasCut { get; private set; }

    public static Task<FeedReader> OpenAsync(TestServer server, string token, long? after = null, string query = "") => OpenAsync(server, "/revocations/stream" + query, token, after);

    /// <summary>Opens another stream of the authority.</summary>
    public static async Task<FeedReader> OpenAsync(TestServer server, string path, string token, long? after = null)
    {
        var (client, response) = await SendAsync(server, path, token, after);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {(response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync())}");
        return new FeedReader(client, response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The answer to a stream that is refused.</summary>
    public static async Task<Answer> RefusedAsync(TestServer server, string token, string? after = null, string query = "") =>
        await server.GetAsync("/revocations/stream" + query, token, after is null ? [] : [("Last-Event-ID", after)]);

    /// <summary>A verifier's token.</summary>
    public static async Task<string> TokenAsync(TestServer server, string client = "gateway") =>
        (await server.OwnTokenAsync(client, "revocations")).Is(200).AccessToken;

    /// <summary>The next event; fails when the stream ends first.</summary>
    public async Task<FeedEvent> NextAsync() => await events.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>How many events have come that nobody has read.</summary>
    public int Waiting => events.Reader.Count;

    /// <summary>The next comment.</summary>
    public async Task<string> NextCommentAsync() => await comments.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next event of a kind; others are passed over.</summary>
    public async Task<FeedEvent> NextAsync(string kind)
    {
        while (true)
            if (await NextAsync() is var next && next.Kind == kind) return next;
    }

    /// <summary>Waits for the end of the stream, and answers what came until then.</summary>
    public async Task<List<FeedEvent>> EndAsync()
    {
        await reading.WaitAsync(Patience);
        return [.. events.Reader.ReadAllAsync().ToBlockingEnumerable()];
    }

    public async ValueTask DisposeAsync()
    {
        response.Dispose();
        http.Dispose();
        await reading.WaitAsync(Patience);
    }

    private static async Task<(HttpClient, HttpResponseMessage)> SendAsync(TestServer server, string path, string token, long? after)
    {
        // A stream has no end to wait for when its reader goes.
        var client = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = new Uri(server.Address), Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (after is not null) request.Headers.Add("Last-Event-ID", $"{after}");
        return (client, await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience));
    }

    private async Task ReadAsync(StreamReader lines)
    {
        try
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            while (await lines.ReadLineAsync() is { } line)
            {
                if (line.StartsWith(':'))
                {
                    Comments.Add(line);
                    comments.Writer.TryWrite(line);
                }
                else if (line.Length > 0) fields[line[..line.IndexOf(": ", StringComparison.Ordinal)]] = line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..];
                else if (fields.Count > 0)
                {
                    events.Writer.TryWrite(new FeedEvent(fields["event"], fields.TryGetValue("id", out var id) ? long.Parse(id) : null, JsonElement.Parse(fields["data"])));
                    fields.Clear();
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            WasCut = true; // what came until then is there
        }
        finally
        {
            lines.Dispose();
            events.Writer.TryComplete();
        }
    }
}
