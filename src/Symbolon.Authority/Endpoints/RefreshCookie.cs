using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>The cookie that carries a refresh token.</summary>
/// <remarks>
/// DESIGN §7; RFC 6265bis. <c>__Host-</c>: a sibling subdomain must not be able to plant one. Without it only over plain http on a loopback host,
/// and only when the issuer is http too. The scheme is judged after forwarded headers.
/// </remarks>
internal sealed class RefreshCookie(IOptions<AuthorityOptions> options)
{
    private const string SecureName = "__Host-symbolon-rt";
    private const string LoopbackName = "symbolon-rt";

    /// <summary>Whether a request's connection may carry the cookie.</summary>
    public bool IsPossible(HttpRequest request) => Name(request) is not null;

    /// <summary>The token in the cookie, or null.</summary>
    public string? Read(HttpRequest request) => Name(request) is { } name && request.Cookies.TryGetValue(name, out var token) && token.Length > 0 ? token : null;

    /// <summary>Sets it; for a session that should not outlive the browser, without an age.</summary>
    public void Set(HttpContext http, IssuedTokens tokens)
    {
        if (Name(http.Request) is not { } name) return;
        var life = tokens.Session.ExpiresAt - tokens.IssuedAt;
        http.Response.Cookies.Append(name, tokens.RefreshToken, Options(name, tokens.Session.Remember ? life : null));
    }

    /// <summary>Clears it: at a definitive end only, never for a race or an outage.</summary>
    public void Clear(HttpContext http)
    {
        if (Name(http.Request) is { } name && http.Request.Cookies.ContainsKey(name)) http.Response.Cookies.Append(name, "", Options(name, TimeSpan.Zero));
    }

    private string? Name(HttpRequest request) =>
        request.IsHttps ? SecureName
        : IsLoopback(request.Host.Host) && options.Value.Issuer.StartsWith("http://", StringComparison.Ordinal) ? LoopbackName
        : null;

    private static bool IsLoopback(string host) => Uri.TryCreate($"http://{host}", UriKind.Absolute, out var uri) && uri.IsLoopback;

    private static CookieOptions Options(string name, TimeSpan? life) => new()
    {
        Path = "/",
        HttpOnly = true,
        Secure = name == SecureName,
        SameSite = SameSiteMode.Strict,
        MaxAge = life,
        IsEssential = true,
    };
}
