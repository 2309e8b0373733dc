using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Symbolon.Scenarios.Lab;

/// <summary>An API of another origin, by HTTPS (HTTP/2, so that a page may send a stream). It refuses as many requests with a token as it is told to, and remembers what came.</summary>
public sealed class OtherApi : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedCall> calls = new();
    private readonly X509Certificate2 certificate;
    private readonly WebApplication app;
    private int refusals;

    private OtherApi()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    /// <summary>Its origin, without a slash.</summary>
    public string Origin => app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    /// <summary>What came, preflights aside.</summary>
    public IReadOnlyList<ReceivedCall> Calls => [.. calls];

    public static async Task<OtherApi> StartAsync()
    {
        var api = new OtherApi();
        await api.app.StartAsync();
        return api;
    }

    /// <summary>The next ones are told that their token is no good.</summary>
    public void RefuseNext(int count = 1) => Interlocked.Exchange(ref refusals, count);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.AccessControlAllowOrigin = request.Headers.Origin;
        response.Headers.AccessControlAllowCredentials = "true";
        response.Headers.AccessControlExposeHeaders = "WWW-Authenticate";
        if (HttpMethods.IsOptions(request.Method))
        {
            response.Headers.AccessControlAllowHeaders = request.Headers.AccessControlRequestHeaders;
            response.Headers.AccessControlAllowMethods = "GET, POST, PUT, DELETE";
            return;
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        calls.Enqueue(new ReceivedCall(request.Path, request.Headers.Authorization.ToString(), request.Protocol, request.ContentType ?? "", body.ToArray()));
        if (request.Query["to"].ToString() is { Length: > 0 } to)
        {
            response.Redirect(to);
        }
        else if (Interlocked.Decrement(ref refusals) >= 0)
        {
            response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            response.StatusCode = 401;
        }
    }
}

/// <summary>A request as it came.</summary>
public sealed record ReceivedCall(string Path, string Authorization, string Protocol, string ContentType, byte[] Body)
{
    /// <summary>Whether it brought an access token.</summary>
    public bool HasToken => Authorization.StartsWith("Bearer ", StringComparison.Ordinal);
}
