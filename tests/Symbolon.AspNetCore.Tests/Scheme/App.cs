using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.AspNetCore.Tests.Support;

namespace Symbolon.AspNetCore.Tests.Scheme;

/// <summary>An API as an application writes it, on a real Kestrel.</summary>
internal sealed class App : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient http;

    private App(WebApplication app)
    {
        this.app = app;
        http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public IServiceProvider Services => app.Services;

    public static async Task<App> StartAsync(
        Action<SymbolonOptions>? configure, TimeProvider? time = null, Action<WebApplication>? map = null, IEnumerable<KeyValuePair<string, string?>>? settings = null,
        Action<AuthenticationBuilder>? more = null, string environment = "Production")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        if (settings is not null) Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(builder.Configuration, settings);
        builder.Services.AddRoutingCore().AddLogging(log => log.ClearProviders());
        if (time is not null) builder.Services.AddSingleton(time);
        var authentication = builder.Services.AddAuthentication(SymbolonDefaults.AuthenticationScheme);
        if (more is null) authentication.AddSymbolon(configure);
        more?.Invoke(authentication);
        builder.Services.AddAuthorization();
        builder.Services.AddHealthChecks().AddSymbolon();
        var built = builder.Build();
        built.UseRouting();
        built.UseAuthentication();
        built.UseAuthorization();
        built.MapHealthChecks("/health");
        built.MapGet("/orders", (HttpContext context) => context.User.Subject()).RequireAuthorization();
        map?.Invoke(built);
        try
        {
            await StartAsync(built, time);
        }
        catch
        {
            await built.DisposeAsync();
            throw;
        }

        return new App(built);
    }

    public async Task<(int Status, string Code)> GetAsync(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, response.IsSuccessStatusCode || !text.StartsWith('{') ? text : JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()!);
    }

    public RevocationFeed Feed(string scheme = SymbolonDefaults.AuthenticationScheme) =>
        Services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<SymbolonOptions>>().Get(scheme).Check!.Sources.Feed!;

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static async Task StartAsync(WebApplication application, TimeProvider? time)
    {
        var starting = application.StartAsync();
        if (time is FiringTime firing) await Eventually.IsAsync(() => starting.IsCompleted, "the application has started", firing);
        await starting;
    }
}
