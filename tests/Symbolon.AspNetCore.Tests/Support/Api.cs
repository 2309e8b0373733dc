using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Symbolon.AspNetCore.Tests.Support;

/// <summary>An API on Kestrel at a free port of the loopback host, with keys, feed and authority that tests hold in their hands.</summary>
internal sealed class Api : IAsyncDisposable
{
    private readonly WebApplication web;

    private Api(WebApplication app, Issuer issuer, TestFeed feed, TestLive live)
    {
        (this.web, Issuer, Feed, Live) = (app, issuer, feed, live);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public Issuer Issuer { get; }

    public TestFeed Feed { get; }

    public TestLive Live { get; }

    public HttpClient Http { get; }

    public WebApplication App => web;

    public static async Task<Api> StartAsync(
        Action<WebApplication> map, Action<SymbolonOptions>? options = null, Action<IServiceCollection>? services = null, TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        var (issuer, feed, live) = (new Issuer(clock), new TestFeed(), new TestLive());
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.AddSingleton(clock);
        builder.Services.AddAuthentication(SymbolonDefaults.AuthenticationScheme).AddSymbolon(o =>
        {
            o.Issuer = Issuer.Name;
            o.Audiences.Add(Issuer.Audience);
            o.Sources = new TokenCheckSources(issuer, feed, live);
            options?.Invoke(o);
        });
        builder.Services.AddAuthorization();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new Api(app, issuer, feed, live);
    }

    public async Task<Answer> SendAsync(string path, string? token = null, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, text, [.. response.Headers.WwwAuthenticate.Select(value => value.ToString())], response.Content.Headers.ContentType?.MediaType)
        {
            CacheControl = response.Headers.CacheControl?.ToString(),
        };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await web.DisposeAsync();
        Issuer.Dispose();
    }
}

/// <summary>What it answered, read whole.</summary>
internal sealed record Answer(int Status, string Text, IReadOnlyList<string> Challenges, string? MediaType)
{
    public string? CacheControl { get; init; }

    public string? Code => Member("code");

    public string? Reason => Member("reason");

    private string? Member(string name) =>
        Text.StartsWith('{') && JsonDocument.Parse(Text).RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>Requires a status and a problem's code.</summary>
    public Answer Is(int status, string? code = null)
    {
        Assert.True(Status == status && (code is null || Code == code), $"Expected {status} {code}, got {Status} {Text}");
        return this;
    }
}
