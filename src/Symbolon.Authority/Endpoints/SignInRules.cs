using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>What every request that starts a session must keep: a client that may log in here, and with the cookie a connection and an origin that may have one.</summary>
internal sealed class SignInRules(Clients clients, RefreshCookie cookie, CrossSiteRule crossSite)
{
    /// <summary>Why the request is refused, or null and its client. Confidential clients use the token endpoint and never log in here.</summary>
    public SymbolonProblem? Refusal(HttpContext http, StartRequest request, out Client? client)
    {
        client = request.ClientId is null ? clients.Default : clients.Find(request.ClientId);
        if (client is null || client.Refresh.IsConfidential) return Problems.UnknownClient;
        var setsCookie = request.TransportOrDefault == SessionTransport.Cookie;
        if (setsCookie && !cookie.IsPossible(http.Request)) return Problems.HttpsRequired;
        return (setsCookie || cookie.Read(http.Request) is not null) && !crossSite.Allows(http.Request) ? Problems.CrossSite : null;
    }

    /// <summary>What the client wishes for its session.</summary>
    public Operations.StartWishes Wishes(HttpContext http, StartRequest request)
    {
        var device = request.Device is { Id.Length: > 0 } known ? new Device(known.Id, known.Name, known.Type)
            : request.Device is { } described ? new Device(Guid.NewGuid().ToString("N"), described.Name, described.Type)
            : null;
        return new(device, request.TransportOrDefault, request.Remember ?? true, cookie.Read(http.Request));
    }
}
