using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;

namespace Symbolon.Client.Authority;

/// <summary>Asks the authority: bounded in time and size, without redirects and cookies.</summary>
internal sealed class AuthorityHttp(Func<HttpClient> clients, SymbolonClientOptions options, TimeProvider time)
{
    private const int LongestAnswer = 64 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>A handler as every question needs it.</summary>
    public static SocketsHttpHandler Handler(SymbolonClientOptions options) => new()
    {
        UseProxy = options.Authority!.Scheme == Uri.UriSchemeHttps, // http is allowed to this machine alone, and stays here
        AllowAutoRedirect = false, // a token goes to the configured address and nowhere else
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // the name may come to mean another address
    };

    public Task<AuthorityAnswer> SignInAsync(LoginRequest request, CancellationToken ct) =>
        AskAsync(Post(request is RegisterRequest ? "/register" : "/login", SignInBody.Of(request, options.ClientId), ClientJson.Default.SignInBody), ct);

    public Task<AuthorityAnswer> RefreshAsync(string refreshToken, string attempt, CancellationToken ct)
    {
        var request = Post("/refresh", new RefreshBody(refreshToken), ClientJson.Default.RefreshBody);
        request.Headers.Add("Symbolon-Attempt", attempt);
        return AskAsync(request, ct);
    }

    public Task<AuthorityAnswer> LogoutAsync(string refreshToken, CancellationToken ct) =>
        AskAsync(Post("/logout", new RefreshBody(refreshToken), ClientJson.Default.RefreshBody), ct);

    public Task<AuthorityAnswer> EndSessionsAsync(LogoutScope scope, string accessToken, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, options.Address($"/sessions?scope={(scope == LogoutScope.All ? "all" : "others")}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return AskAsync(request, ct);
    }

    private HttpRequestMessage Post<T>(string path, T body, JsonTypeInfo<T> type) =>
        SecretBody.PutInto(new HttpRequestMessage(HttpMethod.Post, options.Address(path)), body, type);

    private async Task<AuthorityAnswer> AskAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var question = request;
        var asked = request.RequestUri!;
        request.Headers.UserAgent.ParseAdd("Symbolon.Client");
        request.Options.Set(SymbolonRequest.IsOwn, true);
        using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            using var response = await clients().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
            if (await ReadAsync(response.Content, both.Token).ConfigureAwait(false) is not { } body)
                return AuthorityAnswer.NotOurs(asked, response.StatusCode, $"more than {LongestAnswer} bytes");
            return AuthorityAnswer.Read(response.StatusCode, response.Content.Headers.ContentType?.MediaType, body, RetryAfter(response), asked);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Unreachable($"did not answer within {options.RequestTimeout.TotalSeconds:0.#} seconds", null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Unreachable($"cannot be reached: {e.Message}", e);
        }

        AuthorityAnswer Unreachable(string why, Exception? cause) => new AuthorityAnswer.Failed(new Failure($"{AuthorityAnswer.Shown(asked)} {why}", Cause: cause));
    }

    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8 * 1024];
        var stream = await content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            while (await stream.ReadAsync(buffer, ct).ConfigureAwait(false) is > 0 and var read)
            {
                if (body.Length + read > LongestAnswer) return null;
                body.Write(buffer, 0, read);
            }
        }

        return body.ToArray();
    }

    // A date is compared with the answer's own Date: this machine's clock may be wrong.
    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - (response.Headers.Date ?? time.GetUtcNow()));
        return wait is not { } asked || asked < TimeSpan.Zero ? null : asked < LongestWait ? asked : LongestWait;
    }
}
