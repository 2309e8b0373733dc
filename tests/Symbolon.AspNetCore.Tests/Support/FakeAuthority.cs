using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Symbolon.AspNetCore.Tests.Support;

/// <summary>An authority on a real Kestrel that does what a test wants, wrong things included.</summary>
internal sealed class FakeAuthority : IAsyncDisposable
{
    private readonly WebApplication app;
    private int tokens;

    private FakeAuthority(WebApplication app, TimeProvider time)
    {
        this.app = app;
        Log = new FakeLog(time);
        app.Run(AnswerAsync);
    }

    public FakeLog Log { get; }

    public string Address { get; private set; } = "";

    public string Issuer { get; set; } = Tokens.Issuer;

    public string? Jwks { get; set; }

    /// <summary>Answers instead of the authority: return true when it did.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    /// <summary>What introspection answers for a token.</summary>
    public Func<string, Task<string>> Introspection { get; set; } = _ => Task.FromResult("""{"active":true}""");

    /// <summary>Every request, as method and path.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentQueue<JsonElement> Acknowledged { get; } = new();

    public static async Task<FakeAuthority> StartAsync(TimeProvider time, string? url = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var built = builder.Build();
        built.Urls.Add(url ?? "http://127.0.0.1:0");
        var authority = new FakeAuthority(built, time);
        await built.StartAsync();
        authority.Address = built.Urls.First();
        return authority;
    }

    public int Count(string path) => Asked.Count(one => one == path);

    public async ValueTask DisposeAsync()
    {
        Log.CutStreams();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Asked.Enqueue($"{http.Request.Method} {http.Request.Path}");
        if (await Instead(http)) return;
        switch (http.Request.Path.Value)
        {
            case "/.well-known/openid-configuration":
                await JsonAsync(http, $$"""{"issuer":"{{Issuer}}","jwks_uri":"{{Address}}/jwks"}""");
                break;
            case "/jwks" when Jwks is not null:
                await JsonAsync(http, Jwks);
                break;
            case "/oauth/token":
                await JsonAsync(http, $$"""{"access_token":"token-{{Interlocked.Increment(ref tokens)}}","token_type":"Bearer","expires_in":600}""");
                break;
            case "/oauth/introspect":
                await JsonAsync(http, await Introspection((await http.Request.ReadFormAsync())["token"]!));
                break;
            case "/revocations":
                await Log.PageAsync(http);
                break;
            case "/revocations/stream":
                await Log.StreamAsync(http);
                break;
            case "/revocations/ack":
                using (var ack = await JsonDocument.ParseAsync(http.Request.Body)) Acknowledged.Enqueue(ack.RootElement.Clone());
                await JsonAsync(http, $$"""{"timeline":"{{Log.Timeline}}","seq":{{Log.Newest}}}""");
                break;
            default:
                http.Response.StatusCode = 404;
                break;
        }
    }

    public static Task JsonAsync(HttpContext http, string json)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    }
}
