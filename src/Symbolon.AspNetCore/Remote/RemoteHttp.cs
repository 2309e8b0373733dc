namespace Symbolon.AspNetCore.Remote;

/// <summary>Asks the authority: bounded in time and size, without redirects, cookies or memory of anything.</summary>
internal sealed class RemoteHttp : IDisposable
{
    private readonly HttpClient https, http;
    private readonly TimeProvider time;

    public RemoteHttp(HttpMessageHandler? handler, TimeProvider time)
    {
        this.time = time;
        https = Client(handler, useProxy: true);
        http = Client(handler, useProxy: false); // it is trusted because it stays here, and .NET hands it to http_proxy like any other
    }

    /// <summary>Asks, and reads the whole answer.</summary>
    /// <param name="request">The question.</param>
    /// <param name="maxLength">The largest body that is read.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="RemoteException">No answer, or none that is read.</exception>
    public async Task<RemoteAnswer> AskAsync(HttpRequestMessage request, int maxLength, TimeSpan within, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(within, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            using var response = await OpenAsync(request, both.Token);
            return new RemoteAnswer((int)response.StatusCode, await ReadAsync(response, maxLength, both.Token), response.Headers.CacheControl?.MaxAge);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new RemoteException($"{Shown(request.RequestUri)} did not answer within {within.TotalSeconds:0.#} seconds.");
        }
        catch (IOException e)
        {
            throw new RemoteException($"{Shown(request.RequestUri)} broke off: {e.Message}");
        }
    }

    /// <summary>Asks, and leaves the body to be read.</summary>
    /// <exception cref="RemoteException">No answer, or a redirect.</exception>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var asked = request.RequestUri;
        var client = asked?.Scheme == Uri.UriSchemeHttps ? https : http;
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (HttpRequestException e)
        {
            throw new RemoteException($"{Shown(asked)} cannot be reached: {e.Message}");
        }

        // Keys and revocations come from the configured host alone, and a credential goes nowhere else.
        if ((int)response.StatusCode is < 300 or >= 400 && response.RequestMessage?.RequestUri == asked) return response;
        response.Dispose();
        throw new RemoteException($"{Shown(asked)} redirects, and redirects are not followed. Configure the address that answers itself.");
    }

    public void Dispose()
    {
        https.Dispose();
        http.Dispose();
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, int maxLength, CancellationToken ct)
    {
        var asked = response.RequestMessage!.RequestUri;
        if (response.Content.Headers.ContentLength > maxLength) throw TooLarge(asked, maxLength);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        while (await stream.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if (body.Length + read > maxLength) throw TooLarge(asked, maxLength);
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static RemoteException TooLarge(Uri? asked, int maxLength) => new($"{Shown(asked)} answered more than {maxLength} bytes.");

    private static string Shown(Uri? address) => address?.GetLeftPart(UriPartial.Path) ?? "The authority";

    private static HttpClient Client(HttpMessageHandler? handler, bool useProxy)
    {
        var client = new HttpClient(handler ?? Handler(useProxy), disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Symbolon");
        return client;
    }

    private static SocketsHttpHandler Handler(bool useProxy) => new()
    {
        UseProxy = useProxy,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // the name may come to mean another address
    };
}

/// <summary>What the authority answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="MaxAge">How long it may be kept, if it says so.</param>
internal sealed record RemoteAnswer(int Status, byte[] Body, TimeSpan? MaxAge)
{
    public override string ToString() => $"{Status}, {Body.Length} bytes"; // the body may be a token
}

/// <summary>The authority did not answer, or not with what was asked for. The message names the address and what to do, never what was sent.</summary>
internal sealed class RemoteException(string message) : Exception(message)
{
    /// <summary>What may be logged of an exception: its message where we wrote it, else its type, since a message may repeat what was sent.</summary>
    public static string Why(Exception e) => e is RemoteException or FormatException or IOException ? e.Message : e.GetType().Name;
}
