using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Symbolon.Bench.Clients;

/// <summary>An API to which one token has expired: it says so to the n-th call after n equal parts of the spread, and accepts every other token at once.</summary>
internal sealed class ExpiringApi : IAsyncDisposable
{
    private const int Calls = 50;
    private readonly WebApplication app;
    private string expired = "old";
    private int refused;

    private ExpiringApi(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public static async Task<ExpiringApi> StartAsync(TimeSpan spread)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var api = new ExpiringApi(builder.Build());
        api.app.MapGet("/", async (HttpContext http) =>
        {
            if (http.Request.Headers.Authorization != $"Bearer {api.expired}") return Results.Text("ok");
            await Task.Delay(spread * ((double)Interlocked.Increment(ref api.refused) / Calls));
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        });
        await api.app.StartAsync();
        return api;
    }

    /// <summary>From now on this token has expired.</summary>
    public void Expire(string token = "old") => (expired, refused) = (token, 0);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
