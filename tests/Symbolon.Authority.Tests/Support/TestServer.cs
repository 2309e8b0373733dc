using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Symbolon.Jose;
using Symbolon.Server.Hosting;

namespace Symbolon.Authority.Tests.Support;

/// <summary>The server as its executable composes it, on Kestrel at a free port of the loopback host, with a clock that tests turn.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Issuer = "http://127.0.0.1";
    public const string Password = "correct horse battery";
    public const string AdminPassword = "staple of the admin";
    public static readonly string MasterKey = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    private static int names;
    private readonly WebApplication app;
    private readonly HttpClient http;

    private TestServer(WebApplication app, ManualTime time)
    {
        (this.app, Time) = (app, time);
        Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(Address) };
    }

    public string Address { get; }

    public ManualTime Time { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>The one key that there is.</summary>
    public SigningKey SigningKey => Get<KeyRing>().Ready.Find(Get<KeyRing>().Ready.Verification.All.Single().Kid)!;

    public SymbolonAuthority Authority => Get<SymbolonAuthority>();

    /// <param name="settings">Pairs of key and value, as on the command line.</param>
    /// <param name="services">Changes what the composition registered.</param>
    /// <param name="map">Maps more than the server does.</param>
    public static async Task<TestServer> StartAsync(
        IEnumerable<(string Key, string Value)>? settings = null, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
        var time = new ManualTime();
        var builder = Composition.Configure([.. Defaults.Concat(settings ?? []).SelectMany(pair => new[] { $"--{pair.Key}", pair.Value })]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 100); // only its own tests are about its strength
        services?.Invoke(builder.Services);
        var built = Composition.Build(builder);
        map?.Invoke(built);
        return await StartAsync(built, time);
    }

    /// <summary>Starts an application that is not the server.</summary>
    public static async Task<TestServer> StartAsync(WebApplication app, ManualTime time)
    {
        await app.StartAsync();
        return new TestServer(app, time);
    }

    public static IEnumerable<(string Key, string Value)> Defaults =>
    [
        ("urls", "http://127.0.0.1:0"), ("environment", "Production"), ("Symbolon:Issuer", Issuer), ("Symbolon:Storage:Provider", "memory"),
        ("Symbolon:MasterKeys:0:Id", "1"), ("Symbolon:MasterKeys:0:Value", MasterKey), ("Symbolon:Admin:Password", AdminPassword),
        ("Symbolon:Accounts:LoginsPerMinute", "1000000"), ("Symbolon:Accounts:RegistrationsPerMinute", "1000000"),
        ("Symbolon:Accounts:QueuedHashes", "10000"),
    ];

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public static string NewName() => $"user{Interlocked.Increment(ref names)}";

    public Task<Answer> GetAsync(string path, string? token = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, body: null, token, headers);

    public Task<Answer> DeleteAsync(string path, string? token = null, object? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Delete, path, body, token, headers);

    public Task<Answer> PostAsync(string path, object? body = null, string? token = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, token, headers);

    public Task<Answer> PatchAsync(string path, object? body = null, string? token = null) => SendAsync(HttpMethod.Patch, path, body, token);

    /// <param name="body">An <see cref="HttpContent"/>, a text (sent as JSON as it is), anything else written as JSON, or null for none.</param>
    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body, body.GetType()),
        };
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        using var response = await http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public Task<Answer> FormAsync(string path, params (string Name, string Value)[] parameters) =>
        PostAsync(path, new FormUrlEncodedContent(parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))));

    public Task<Answer> RefreshAsync(string token, string? attempt = null) =>
        PostAsync("/auth/refresh", new { refresh_token = token }, token: null, attempt is null ? [] : [("Symbolon-Attempt", attempt)]);

    public Task<Answer> LoginAsync(string name, string password = Password, params (string Name, string Value)[] headers) =>
        PostAsync("/auth/login", new { username = name, password }, token: null, headers);

    /// <summary>Makes an account and logs it in, with a name of its own.</summary>
    public async Task<(string Name, Answer Tokens)> RegisterAsync()
    {
        var name = NewName();
        return (name, (await PostAsync("/auth/register", new { username = name, password = Password })).Is(201));
    }

    /// <summary>An access token of the administrator.</summary>
    public async Task<string> AdminAsync() => (await LoginAsync("admin", AdminPassword)).Is(200).AccessToken;

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }
}
