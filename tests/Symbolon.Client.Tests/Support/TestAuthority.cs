using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Symbolon.AspNetCore;
using Symbolon.Authority;
using Symbolon.Authority.Ports;
using Symbolon.Server.Hosting;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Support;

/// <summary>The real server with an API behind it, on Kestrel at a free port of the loopback host; its clock is turned by tests, its answers go wrong on demand, and what is asked is counted.</summary>
internal sealed class TestAuthority : IAsyncDisposable
{
    public const string Password = "correct horse battery", AdminPassword = "staple of the admin", User = "ada";
    private static readonly string MasterKey = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    private readonly WebApplication app;
    private readonly Faults faults;

    private TestAuthority(WebApplication app, Faults faults, ManualTime time) => (this.app, this.faults, Time) = (app, faults, time);

    public Uri Address { get; private set; } = null!;

    public ManualTime Time { get; }

    public Faults Faults => faults;

    /// <summary>How often a path was asked for.</summary>
    public int Count(string path) => faults.Asked.Count(asked => asked == path);

    public int Refreshes => Count("/auth/refresh");

    /// <summary>Starts one that has the user <see cref="User"/>.</summary>
    public static async Task<TestAuthority> StartAsync(params (string Key, string Value)[] settings)
    {
        var (time, faults) = (new ManualTime(), new Faults());
        var builder = Composition.Configure([.. Defaults.Concat(settings).SelectMany(pair => new[] { $"--{pair.Key}", pair.Value })]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<IStartupFilter>(faults);
        builder.Services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 100);
        var built = Composition.Build(builder);
        Api.Map(built);
        await built.StartAsync();
        var authority = new TestAuthority(built, faults, time)
        {
            Address = new Uri(built.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
        using var client = SymbolonClient.Create(authority.Options());
        await client.Session.LoginAsync(new RegisterRequest(User, Password));
        faults.Asked.Clear();
        return authority;
    }

    public SymbolonClientOptions Options() => new() { Authority = Address, Jitter = 0 };

    /// <summary>A program with its own memory, or with the store and the clocks of others.</summary>
    public TestClient Client(TimeProvider? time = null, ITokenStore? store = null, Action<SymbolonClientOptions>? configure = null, Action<SymbolonTokenOptions>? token = null)
    {
        var options = Options();
        configure?.Invoke(options);
        return new TestClient(options, time ?? new FiringTime(), store, token);
    }

    /// <summary>The same, signed in.</summary>
    public async Task<TestClient> SignedInAsync(TimeProvider? time = null, ITokenStore? store = null, Action<SymbolonClientOptions>? configure = null, Action<SymbolonTokenOptions>? token = null)
    {
        var client = Client(time, store, configure, token);
        await client.Session.LoginAsync(new LoginRequest(User, Password));
        return client;
    }

    /// <summary>An administrator's program.</summary>
    public async Task<TestClient> AdminAsync()
    {
        var client = Client();
        await client.Session.LoginAsync(new LoginRequest("admin", AdminPassword));
        return client;
    }

    /// <summary>Waits until the API behind the authority has read what the log says by now: it does so a moment after it was written.</summary>
    public async Task SeenAsync()
    {
        var newest = (await app.Services.GetRequiredService<IRevocationLog>().ReadAsync(null, 1, default))!.Newest;
        await Patiently.TrueAsync(() => Task.FromResult(app.Services.GetRequiredService<InProcessRevocationFeed>().View.Seq >= newest), () => $"entry {newest} is not seen");
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private static IEnumerable<(string Key, string Value)> Defaults =>
    [
        ("urls", "http://127.0.0.1:0"), ("environment", "Production"), ("Symbolon:Issuer", "http://127.0.0.1"), ("Symbolon:Storage:Provider", "memory"),
        ("Symbolon:MasterKeys:0:Id", "1"), ("Symbolon:MasterKeys:0:Value", MasterKey), ("Symbolon:Admin:Password", AdminPassword), ("Symbolon:AccessToken:Jitter", "0"),
        ("Symbolon:Clients:0:Id", "strict"), ("Symbolon:Clients:0:Attempts", "Required"),
    ];
}

/// <summary>What goes wrong, and what was asked: the first middleware.</summary>
internal sealed class Faults : IStartupFilter
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, Func<Task>, Task>> byPath = [];

    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>From now on something else happens at a path. What is given may call the rest, or not.</summary>
    public void On(string path, Func<HttpContext, Func<Task>, Task> what) => byPath[path] = what;

    public void Clear() => byPath.Clear();

    /// <summary>All that is asked of the path is answered with a status, and nothing that is ours.</summary>
    public void Answer(string path, int status, string? retryAfter = null, string type = "text/html", string body = "<h1>A page</h1>") => On(path, async (http, _) =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
        await http.Response.WriteAsync(body);
    });

    /// <summary>The engine does all its work, and the socket is cut without a byte.</summary>
    public void LoseAnswer(string path, int times = 1) => On(path, async (http, next) =>
    {
        if (Interlocked.Decrement(ref times) < 0)
        {
            await next();
            return;
        }

        http.Response.Body = new MemoryStream();
        await next();
        http.Abort();
    });

    /// <summary>Nothing at the path can be reached.</summary>
    public void Cut(string path) => On(path, (http, _) =>
    {
        http.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Requests stand at the path until the gate opens.</summary>
    public Gate Hold(string path)
    {
        var gate = new Gate();
        On(path, async (_, next) =>
        {
            await gate.PassAsync();
            await next();
        });
        return gate;
    }

    /// <summary>The engine does its work, and its answers stand until the gate opens.</summary>
    public Gate HoldAnswers(string path)
    {
        var gate = new Gate();
        On(path, async (http, next) =>
        {
            var (body, held) = (http.Response.Body, new MemoryStream());
            http.Response.Body = held;
            await next();
            http.Response.Body = body;
            await gate.PassAsync();
            await body.WriteAsync(held.ToArray());
        });
        return gate;
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (http, rest) =>
        {
            Asked.Enqueue(http.Request.Path);
            await (byPath.TryGetValue(http.Request.Path, out var fault) ? fault(http, () => rest(http)) : rest(http));
        });
        next(app);
    };
}

/// <summary>Something to stand at.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously), open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Somebody stands there.</summary>
    public Task Reached => reached.Task.WaitAsync(Patiently.Patience);

    public void Open() => open.TrySetResult();

    public Task PassAsync()
    {
        reached.TrySetResult();
        return open.Task.WaitAsync(Patiently.Patience);
    }
}
