using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Symbolon.Testing;

namespace Symbolon.Scenarios.Lab;

/// <summary>The real server in a process of its own, behind a relay that can lose an answer, and what its administrator sees of it.</summary>
/// <remarks>It forgives nothing: without overlap and settle, a token that comes a second time ends the session, unless it comes with the attempt id of the first time.</remarks>
public sealed class RealServer : IAsyncDisposable
{
    private readonly ServerProcess process;

    private RealServer(ServerProcess process)
    {
        this.process = process;
        Relay = Relay.To(process.Address.Port);
        Address = new Uri($"http://127.0.0.1:{Relay.Port}");
        Admin = new HttpClient { BaseAddress = process.Address };
    }

    /// <summary>Between the browser and the server.</summary>
    public Relay Relay { get; }

    /// <summary>Where the browser finds it.</summary>
    public Uri Address { get; }

    /// <summary>With the administrator's token.</summary>
    public HttpClient Admin { get; }

    public static async Task<RealServer> StartAsync()
    {
        var server = new RealServer(await ServerProcess.StartAsync(("Symbolon:Refresh:Overlap", "00:00:00"), ("Symbolon:Refresh:Settle", "00:00:00")));
        var login = await server.Admin.PostAsJsonAsync("/auth/login", new { username = ServerProcess.AdminUserName, password = ServerProcess.AdminPassword });
        var token = (await login.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        server.Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Relay.DisposeAsync();
        await process.DisposeAsync();
    }
}
