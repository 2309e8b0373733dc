using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;
using Symbolon.Revocation;

namespace Symbolon.Cluster.Support;

/// <summary>What checks access tokens beside the authorities, and follows the revocation feed of one of them: a gateway, or an API in the test's process.</summary>
/// <remarks>It bears a view that is a minute old, for as long as a database is promoted, and refuses then.</remarks>
internal sealed class Verifier : IAsyncDisposable
{
    private readonly HttpClient http;
    private readonly string path;
    private readonly IAsyncDisposable process;
    private readonly SymbolonOptions? options;

    private Verifier(int port, string path, IAsyncDisposable process, SymbolonOptions? options = null)
    {
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Patiently.Patience };
        (this.path, this.process, this.options) = (path, process, options);
    }

    /// <summary>An API's view of what is revoked.</summary>
    public RevocationView View => options!.Check!.Sources.Feed!.View;

    /// <summary>Starts a gateway.</summary>
    public static async Task<Verifier> GatewayAsync(Uri authority)
    {
        var gateway = await GatewayProcess.StartAsync(
            ("Gateway:Issuer", Cluster.Issuer), ("Gateway:JwksUri", $"{authority}.well-known/jwks.json"), ("Gateway:Feed:Url", $"{authority}revocations"),
            ("Gateway:Feed:ClientId", Cluster.Verifier), ("Gateway:Feed:ClientSecret", Cluster.VerifierSecret),
            ("Gateway:MaxStaleness", "00:01:00"), ("Gateway:WhenStale", "Deny"));
        return new Verifier(gateway.Port, "/verify", gateway);
    }

    /// <summary>Starts an API.</summary>
    public static async Task<Verifier> ApiAsync(Uri authority)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthentication().AddSymbolon(options =>
        {
            (options.Authority, options.Issuer, options.Audience) = (authority.GetLeftPart(UriPartial.Authority), Cluster.Issuer, "api");
            options.JwksUri = new Uri(authority, ".well-known/jwks.json");
            (options.ClientId, options.ClientSecret) = (Cluster.Verifier, Cluster.VerifierSecret);
            (options.MaxStaleness, options.WhenStale) = (TimeSpan.FromMinutes(1), WhenStale.Deny);
        });
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.MapGet("/orders", () => Results.Ok()).RequireSymbolon();
        await app.StartAsync();
        return new Verifier(new Uri(app.Urls.Single()).Port, "/orders", app, app.Services.GetRequiredService<IOptionsMonitor<SymbolonOptions>>().Get(SymbolonDefaults.AuthenticationScheme));
    }

    /// <summary>What it says to a token: null when it is accepted, else the problem's code.</summary>
    public async Task<string?> CheckAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", accessToken);
        request.Headers.Add("X-Forwarded-Method", "GET");
        request.Headers.Add("X-Forwarded-Uri", "/orders");
        using var answer = await http.SendAsync(request);
        return answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<Problem>())!.Code;
    }

    /// <summary>Waits until it says this to a token.</summary>
    public async Task SaysAsync(string accessToken, string? code)
    {
        string? last = null;
        await Patiently.TrueAsync(async () => (last = await CheckAsync(accessToken)) == code, () => $"{path} says {last ?? "yes"}, not {code ?? "yes"}");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
    }

    private sealed record Problem(string Code);
}
