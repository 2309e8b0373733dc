using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;
using Symbolon.Authority.Operations;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>Clears the cookie of a session that was ended by a request that a bearer token authenticated; another session's cookie is left alone.</summary>
internal sealed class CookieJar(RefreshCookie cookie, CrossSiteRule crossSite, LogOut logOut)
{
    /// <summary>Clears it when the session in it is among those that ended.</summary>
    public async Task ClearOfAsync(HttpContext http, Func<Session, bool> hasEnded)
    {
        if (cookie.Read(http.Request) is not { } token || !crossSite.Allows(http.Request)) return;
        if (await logOut.FindAsync(token, clientId: null, SessionTransport.Cookie, http.RequestAborted) is { } session && hasEnded(session)) cookie.Clear(http);
    }
}
