using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Symbolon.AspNetCore;

/// <summary>Stands before the server's own upgrade to a WebSocket, to hold the stream that it gives. Whatever accepts the WebSocket later, also a hub by itself, goes through here.</summary>
internal sealed class WebSocketUpgrade(IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect) : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    private volatile WebSocketStream? stream;

    /// <summary>The connection once it is upgraded.</summary>
    public WebSocketStream? Stream => stream;

    public bool IsUpgradableRequest => upgrade is { IsUpgradableRequest: true };

    public bool IsExtendedConnect => connect is { IsExtendedConnect: true };

    public string? Protocol => connect?.Protocol;

    public async Task<Stream> UpgradeAsync() => stream = WebSocketStream.Over(await upgrade!.UpgradeAsync());

    public async ValueTask<Stream> AcceptAsync() => stream = WebSocketStream.Over(await connect!.AcceptAsync());

    /// <summary>Does it for a request that asks for a WebSocket.</summary>
    public static void Watch(HttpContext http)
    {
        var features = http.Features;
        if (features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            if (!string.Equals(http.Request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase)) return;
            var watched = new WebSocketUpgrade(upgrade, connect: null);
            features.Set<IHttpUpgradeFeature>(watched);
            features.Set(watched);
        }
        else if (features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" } connect)
        {
            var watched = new WebSocketUpgrade(upgrade: null, connect);
            features.Set<IHttpExtendedConnectFeature>(watched);
            features.Set(watched);
        }
    }
}

/// <summary>Has it done before everything else in the pipeline: the WebSocket middleware keeps the upgrade that it finds.</summary>
internal sealed class WebSocketUpgradeFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static following => http =>
        {
            WebSocketUpgrade.Watch(http);
            return following(http);
        });
        next(app);
    };
}
