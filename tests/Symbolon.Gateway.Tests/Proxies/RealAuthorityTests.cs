using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Symbolon.Gateway.Support;
using Symbolon.Testing;

namespace Symbolon.Gateway.Proxies;

/// <summary>The authority, the gateway, nginx and Caddy, each a process of its own: what a log-out does behind proxies, and what they answer while the feed is cut.</summary>
public sealed class RealAuthorityTests : IAsyncLifetime
{
    private const string Client = "gateway", Secret = "only gateways know this one";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(50);
    private readonly EchoService[] services = new EchoService[2];
    private readonly ProxyProcess[] proxies = new ProxyProcess[2];
    private ServerProcess server = null!;
    private GatewayProcess gateway = null!;
    private Relay relay = null!;
    private HttpClient authority = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ServerProcess.StartAsync(("Symbolon:Clients:0:Id", Client), ("Symbolon:Clients:0:Secret", Secret), ("Symbolon:Clients:0:Scopes:0", "revocations"));
        authority = new HttpClient { BaseAddress = server.Address };
        relay = Relay.To(server.Address.Port);
        gateway = await GatewayProcess.StartAsync(
            ("Gateway:Issuer", server.Address.GetLeftPart(UriPartial.Authority)), ("Gateway:Rules", Path.Combine(Repository.Root, "samples", "rules.yaml")),
            ("Gateway:Feed:Url", $"http://127.0.0.1:{relay.Port}/revocations"), ("Gateway:Feed:ClientId", Client), ("Gateway:Feed:ClientSecret", Secret),
            ("Gateway:WhenStale", "Deny"), ("Gateway:MaxStaleness", "00:00:02"));
        for (var i = 0; i < services.Length; i++) services[i] = await EchoService.StartAsync();
        (proxies[0], proxies[1]) = (await ProxyProcess.NginxAsync(gateway.Port, services[0].Port), await ProxyProcess.CaddyAsync(gateway.Port, services[1].Port));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in proxies) if (proxy is not null) await proxy.DisposeAsync();
        foreach (var service in services) if (service is not null) await service.DisposeAsync();
        if (gateway is not null) await gateway.DisposeAsync();
        if (relay is not null) await relay.DisposeAsync();
        authority?.Dispose();
        if (server is not null) await server.DisposeAsync();
    }

    [Fact]
    public async Task LogOut_IsObeyedWithItsReceipt_AndACutFeedIs503_UntilItIsThereAgain()
    {
        var (stays, leaves, leavesUnheard) = (await RegisterAsync("stays"), await RegisterAsync("leaves"), await RegisterAsync("unheard"));
        foreach (var token in new[] { stays, leaves, leavesUnheard }) await SayAsync(200, null, token);
        for (var i = 0; i < services.Length; i++)
        {
            services[i].Take();
            await RawHttp.SendAsync(proxies[i].Port, "GET", "/other", Bearer(stays));
            Assert.NotEqual("", Assert.Single(services[i].Take()).Header("X-Auth-Session"));
        }

        var receipt = await LogOutAsync(leaves);
        Assert.Equal((1, 1), (receipt.GetProperty("verifiers").GetInt32(), receipt.GetProperty("acknowledged").GetInt32()));
        foreach (var proxy in proxies) Assert.Equal((401, "token_revoked"), await AskAsync(proxy, leaves)); // at once: that is what the receipt says
        await SayAsync(200, null, stays);

        relay.Cut();
        await LogOutAsync(leavesUnheard);
        await SayAsync(503, "view_stale", stays);
        await SayAsync(503, "view_stale", leavesUnheard);
        foreach (var proxy in proxies) Assert.Equal(200, (await RawHttp.SendAsync(proxy.Port, "GET", "/public")).Status);

        relay.Open();
        await SayAsync(200, null, stays);
        foreach (var proxy in proxies) Assert.Equal((401, "token_revoked"), await AskAsync(proxy, leavesUnheard));
    }

    private static string Bearer(string token) => $"Authorization: Bearer {token}";

    private static async Task<(int Status, string? Code)> AskAsync(ProxyProcess proxy, string token)
    {
        var answer = await RawHttp.SendAsync(proxy.Port, "GET", "/other", Bearer(token));
        return (answer.Status, answer.Code);
    }

    // Both proxies, sooner or later.
    private async Task SayAsync(int status, string? code, string token)
    {
        foreach (var proxy in proxies)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (await AskAsync(proxy, token) is var said && said != (status, code))
            {
                Assert.False(patience.IsCancellationRequested, $"{said}, not {status} {code}\n{gateway.Output}\n{proxy.Output}");
                await Task.Delay(Pause);
            }
        }
    }

    private async Task<string> RegisterAsync(string username)
    {
        using var answer = await authority.PostAsJsonAsync("/auth/register", new { username, password = "correct horse battery" });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private async Task<JsonElement> LogOutAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/logout?wait=3s");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await authority.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("receipt");
    }
}
