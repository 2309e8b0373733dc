using System.Net;

namespace Symbolon.Client.Http;

/// <summary>The system's proxy, except for http to this machine. That carries tokens only because it stays here, and .NET hands it to a proxy of the environment (<c>http_proxy</c>) like any other.</summary>
internal sealed class LoopbackProxy : IWebProxy
{
    public ICredentials? Credentials
    {
        get => HttpClient.DefaultProxy.Credentials;
        set => throw new NotSupportedException();
    }

    /// <summary>Keeps a handler's plain requests on this machine, unless its maker chose a proxy.</summary>
    /// <param name="handler">One that has sent nothing yet.</param>
    /// <param name="hosts">Where its tokens may go: with https alone there is nothing to do.</param>
    public static void Guard(HttpMessageHandler handler, AllowedHosts hosts)
    {
        if (!hosts.HavePlain) return;
        if (handler is SocketsHttpHandler { UseProxy: true, Proxy: null } sockets) sockets.Proxy = new LoopbackProxy();
        if (handler is HttpClientHandler { UseProxy: true, Proxy: null } client) client.Proxy = new LoopbackProxy();
    }

    public Uri? GetProxy(Uri destination) => IsPlainAndHere(destination) ? null : HttpClient.DefaultProxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => IsPlainAndHere(host) || HttpClient.DefaultProxy.IsBypassed(host);

    private static bool IsPlainAndHere(Uri address) => address.Scheme == Uri.UriSchemeHttp && address.IsLoopback;
}
