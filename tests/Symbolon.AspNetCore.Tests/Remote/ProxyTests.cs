using System.Net;
using Symbolon.AspNetCore.Remote;
using Symbolon.AspNetCore.Tests.Support;

namespace Symbolon.AspNetCore.Tests.Remote;

/// <summary>The system's proxy, as <c>http_proxy</c> and <c>https_proxy</c> set it.</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private readonly IWebProxy before = HttpClient.DefaultProxy;
    private readonly FiringTime time = new();
    private readonly Tokens keys = new();
    private FakeAuthority authority = null!, proxy = null!;

    public async ValueTask InitializeAsync()
    {
        (authority, proxy) = (await FakeAuthority.StartAsync(time), await FakeAuthority.StartAsync(time));
        authority.Jwks = keys.Jwks;
        HttpClient.DefaultProxy = new ProxyFor(new Uri(proxy.Address), [new Uri(authority.Address).Authority, "auth.example"]);
    }

    public async ValueTask DisposeAsync()
    {
        HttpClient.DefaultProxy = before;
        await authority.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [Fact]
    public async Task PlainHttp_DoesNotPassIt()
    {
        await using (var verifier = await Verifier.StartAsync(authority.Address, time))
        {
            await Eventually.IsAsync(() => !proxy.Asked.IsEmpty || (verifier.IsCurrent && authority.Log.Streams == 1), "it was asked for all", time);
            await verifier.CheckAsync(keys.Make(time.GetUtcNow()), SymbolonMode.Live);
        }

        Assert.Empty(proxy.Asked); // neither the secret nor a token, and nobody there could answer with keys of his own
        Assert.All(["GET /jwks", "POST /oauth/token", "GET /revocations/stream", "POST /revocations/ack", "POST /oauth/introspect"], path => Assert.Contains(path, authority.Asked));
    }

    [Fact]
    public async Task Https_PassesItInATunnel()
    {
        using var http = new RemoteHttp(handler: null, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://auth.example/oauth/token");

        await Assert.ThrowsAsync<RemoteException>(() => http.OpenAsync(request, TestContext.Current.CancellationToken));

        Assert.StartsWith("CONNECT", Assert.Single(proxy.Asked));
    }

    // The setting is the process's: other tests' addresses do not pass it.
    private sealed class ProxyFor(Uri proxy, string[] hosts) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri GetProxy(Uri destination) => proxy;

        public bool IsBypassed(Uri host) => !hosts.Contains(host.Authority);
    }
}
