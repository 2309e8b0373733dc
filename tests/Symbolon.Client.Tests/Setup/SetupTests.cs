using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.Client.Tests.Support;

namespace Symbolon.Client.Tests.Setup;

/// <summary>Setting a client up, with dependency injection and without.</summary>
public class SetupTests
{
    public static TheoryData<Action<SymbolonClientOptions>, string> Wrong => new()
    {
        { o => o.Authority = null, "set Authority to the authority's address" },
        { o => o.Authority = new Uri("http://auth.example"), "must be an https address" },
        { o => o.Authority = new Uri("/auth", UriKind.Relative), "must be an https address" },
        { o => o.Authority = new Uri("https://auth.example/?a=b"), "without user, query and fragment" },
        { o => o.Path = "auth", "Path must begin with a slash" },
        { o => o.RefreshAhead = TimeSpan.FromHours(2), "RefreshAhead must be between" },
        { o => o.Jitter = double.NaN, "Jitter must be between 0 and 1" },
        { o => o.RequestTimeout = TimeSpan.Zero, "RequestTimeout must be above" },
        { o => o.LockTimeout = TimeSpan.FromHours(1), "LockTimeout must be between" },
        { o => o.BackOffFirst = TimeSpan.Zero, "BackOffFirst must be above" },
        { o => o.BackOffLimit = TimeSpan.FromHours(2), "BackOffLimit must be at most" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_AreRefused_WithWhatToWrite(Action<SymbolonClientOptions> change, string expected)
    {
        var services = new ServiceCollection();
        services.AddSymbolonClient(o => o.Authority = new Uri("https://auth.example"));
        services.Configure(change);
        using var provider = services.BuildServiceProvider();
        Assert.Contains(expected, Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate()).Message);

        var options = new SymbolonClientOptions { Authority = new Uri("https://auth.example") };
        change(options);
        Assert.Contains(expected, Assert.Throws<OptionsValidationException>(() => SymbolonClient.Create(options)).Message);
    }

    [Fact]
    public void TokenOptions_AreChecked_AtStart()
    {
        var services = new ServiceCollection();
        services.AddSymbolonClient(o => o.Authority = new Uri("https://auth.example"));
        services.AddHttpClient("orders").AddSymbolonToken(t => t.AllowedHosts.Add("http://api.example"));
        using var provider = services.BuildServiceProvider();
        Assert.Contains("must be https", Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate()).Message);
    }

    [Theory]
    [InlineData("https://auth.example", null, true)]
    [InlineData("https://auth.example", "localhost:5090", false)]
    [InlineData("http://localhost:5080", null, false)]
    public void HttpToThisMachine_TakesNoProxy(string authority, string? host, bool isLeftToTheSystem)
    {
        var services = new ServiceCollection();
        services.AddSymbolonClient(o => o.Authority = new Uri(authority));
        services.AddHttpClient("orders").AddSymbolonToken(t => t.AllowedHosts.UnionWith(host is null ? [] : [host]));
        using var provider = services.BuildServiceProvider();

        var (own, orders) = (Primary("Symbolon"), Primary("orders"));

        Assert.Equal(authority.StartsWith("https", StringComparison.Ordinal), own.UseProxy);
        Assert.Equal(isLeftToTheSystem, orders.Proxy is null);
        if (orders.Proxy is { } proxy) Assert.All(["http://localhost:5090", "http://127.0.0.1", "http://[::1]"], address => Assert.True(proxy.IsBypassed(new Uri(address)) && proxy.GetProxy(new Uri(address)) is null));

        SocketsHttpHandler Primary(string name)
        {
            var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name);
            while (handler is DelegatingHandler above) handler = above.InnerHandler!;
            return Assert.IsType<SocketsHttpHandler>(handler);
        }
    }

    [Fact]
    public async Task Handlers_HoldNoUser_WhenPooled()
    {
        await using var authority = await TestAuthority.StartAsync();
        var user = new AsyncLocal<string?>();
        await using var provider = Services(authority, clients => clients.AddHttpClient("orders").AddSymbolonToken((_, t) => t.SessionKey = _ => user.Value));
        var client = provider.GetRequiredService<SymbolonClient>();
        await client.SessionOf("ada").LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
        await client.SessionOf("admin").LoginAsync(new LoginRequest("admin", TestAuthority.AdminPassword));

        var roles = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => RolesAsync(i % 2 == 0 ? "ada" : "admin")));

        Assert.All(roles.Index(), role => Assert.Equal(role.Index % 2 == 0 ? "" : "admin", role.Item));

        async Task<string> RolesAsync(string key)
        {
            user.Value = key;
            return await provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders").GetStringAsync(new Uri(authority.Address, "/api/roles"));
        }
    }

    [Fact]
    public async Task Request_CarriesNoToken_WhenItIsNobodys()
    {
        await using var authority = await TestAuthority.StartAsync();
        await using var provider = Services(authority, clients => clients.AddHttpClient("orders").AddSymbolonToken((_, t) => t.SessionKey = _ => null));
        await provider.GetRequiredService<SymbolonClient>().Session.LoginAsync(new LoginRequest("admin", TestAuthority.AdminPassword)); // the program's own
        var orders = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        using var answer = await orders.GetAsync(new Uri(authority.Address, "/api/roles"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(authority.Address, "/api/roles")).UseSession(SymbolonClient.DefaultSessionKey);
        using var own = await orders.SendAsync(request);

        Assert.Equal((401, 200), ((int)answer.StatusCode, (int)own.StatusCode));
    }

    [Fact]
    public async Task Authority_IsAsked_AlsoWhenEveryClientHasTheHandler()
    {
        await using var authority = await TestAuthority.StartAsync();
        await using var provider = Services(authority, services => services.ConfigureHttpClientDefaults(all => all.AddSymbolonToken()));
        var session = provider.GetRequiredService<ISymbolonSession>();
        await session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
        authority.Time.Advance(TimeSpan.FromMinutes(11));

        var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient();
        Assert.StartsWith("GET", await http.GetStringAsync(new Uri(authority.Address, "/api/echo"))); // and does not wait for itself
    }

    [Fact]
    public async Task NothingShowsAToken()
    {
        await using var authority = await TestAuthority.StartAsync();
        var log = new Lines();
        await using var provider = Services(authority, services => services.AddHttpClient("orders").AddSymbolonToken(), log);
        var (session, store) = (provider.GetRequiredService<ISymbolonSession>(), provider.GetRequiredService<ITokenStore>());
        var request = new LoginRequest(TestAuthority.User, TestAuthority.Password);
        await session.LoginAsync(request);
        var secrets = new List<string> { TestAuthority.Password };
        var shown = new List<string> { $"{request}" };
        for (var i = 0; i < 3; i++)
        {
            var (stored, token) = ((await store.LoadAsync("default", default))!, (await session.GetTokenAsync())!);
            secrets.AddRange([stored.AccessToken, stored.RefreshToken, token.Value]);
            shown.AddRange([$"{stored}", $"{token}"]);
            await session.RefreshAsync();
            if (i == 1) authority.Faults.Answer("/auth/refresh", 500, body: stored.RefreshToken);
        }

        authority.Time.Advance(TimeSpan.FromMinutes(11));
        using var answer = await provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders").GetAsync(new Uri(authority.Address, "/api/echo"));
        await session.LogoutAsync();
        foreach (var secret in secrets) Assert.DoesNotContain(secret, $"{log.Text}\n{string.Join('\n', shown)}");
        Assert.Contains("5003", log.Text);
    }

    [Fact]
    public async Task Refreshes_AreMeasured()
    {
        await using var authority = await TestAuthority.StartAsync();
        await using var provider = Services(authority, services => services.AddHttpClient("orders").AddSymbolonToken());
        var outcomes = new List<string?>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, it) => { if (instrument.Meter.Name == "Symbolon.Client" && instrument.Meter.Scope == provider.GetService<IMeterFactory>()) it.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => outcomes.Add(tags[0].Value as string));
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => outcomes.Add(tags[0].Value as string));
        listener.Start();
        await provider.GetRequiredService<ISymbolonSession>().LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
        authority.Time.Advance(TimeSpan.FromMinutes(11));

        using var answer = await provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders").GetAsync(new Uri(authority.Address, "/api/echo"));
        authority.Faults.Answer("/auth/refresh", 500);
        await provider.GetRequiredService<ISymbolonSession>().RefreshAsync();

        Assert.Equal(["refreshed", "sent_again", "kept"], outcomes);
    }

    private static ServiceProvider Services(TestAuthority authority, Action<IServiceCollection> add, Lines? log = null)
    {
        var services = new ServiceCollection();
        if (log is not null) services.AddSingleton<ILoggerFactory>(log);
        services.AddSymbolonClient(o => (o.Authority, o.Jitter) = (authority.Address, 0)).UseTokenStore<MemoryTokenStore>();
        add(services);
        return services.BuildServiceProvider();
    }
}
