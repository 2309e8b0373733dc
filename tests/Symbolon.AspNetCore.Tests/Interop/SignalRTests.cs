using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.AspNetCore.Tests.Support;
using Symbolon.Sessions;

namespace Symbolon.AspNetCore.Tests.Interop;

/// <summary>The SignalR client from npm, over each of its transports, cut off when its session ends.</summary>
public sealed class SignalRTests
{
    [Theory]
    [InlineData("WebSockets", "WebSocket closed with status code: 1008 (token_revoked logout).")]
    [InlineData("ServerSentEvents", "")]
    [InlineData("LongPolling", "\"code\":\"token_revoked\"")]
    public async Task Client_IsCutOff_WhenItsSessionEnds(string transport, string told)
    {
        var gone = new Gone();
        await using var api = await Api.StartAsync(
            app => app.MapHub<EchoHub>("/hubs/echo").RequireSymbolon(new SymbolonModeAttribute(SymbolonMode.Revocable) { MaxStalenessSeconds = 1 }),
            options => options.QueryPaths.Add("/hubs"),
            services => services.AddSingleton(gone).AddSignalR());
        var sid = Guid.NewGuid().ToString();
        var token = api.Issuer.Token(claims => claims with { SessionId = sid, Subject = "ann" });
        using var client = NodeProcess.Start("signalr.mjs", new { url = new Uri(api.Address, "/hubs/echo"), token, transport });
        Assert.Equal("ann: hello", (await client.ReadAsync()).GetProperty("said").GetString());

        api.Feed.EndSession(sid, EndReason.Logout);

        Assert.Contains(told, (await client.ReadAsync()).GetProperty("closed").GetString(), StringComparison.Ordinal);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private sealed class Gone : TaskCompletionSource;

    private sealed class EchoHub(Gone gone) : Hub
    {
        public string Say(string text) => $"{Context.UserIdentifier}: {text}";

        public override Task OnDisconnectedAsync(Exception? exception)
        {
            gone.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
