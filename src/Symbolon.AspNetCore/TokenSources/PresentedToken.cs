using Microsoft.AspNetCore.Http;
using Symbolon.Access;
using Symbolon.Jose;

namespace Symbolon.AspNetCore;

/// <summary>The access token that came with a request, or why what came is refused, or neither.</summary>
/// <param name="Token">The token as it came, not longer than one may be, where it lies in the header: a copy of it would be most of what a request allocates for it.</param>
/// <param name="Refusal">Why the request is refused before the token is looked at.</param>
/// <remarks>
/// First the Authorization header or, on listed paths, the query: whoever sends one has put it there. A client that uses both is refused (RFC 6750 §2). Else the cookie, which a browser
/// adds to every request by itself, so that it contradicts nothing, but needs the cross-site rule.
/// </remarks>
internal readonly record struct PresentedToken(ReadOnlyMemory<char>? Token, SymbolonProblem? Refusal)
{
    private const string Bearer = "Bearer ", Query = "access_token";

    /// <inheritdoc/>
    public override string ToString() => "A presented token"; // never the token

    /// <summary>Nothing came.</summary>
    public bool IsNone => Token is null && Refusal is null;

    /// <summary>Reads the token of a request for this service.</summary>
    public static PresentedToken Read(HttpRequest request, SymbolonOptions options)
    {
        var inHeader = OfHeader(request.Headers);
        if (inHeader.Refusal is not null) return inHeader;
        if (options.QueryPaths.Count > 0 && request.QueryString.HasValue && IsQueryPath(request.Path, options.QueryPaths) && request.Query[Query] is { Count: > 0 } query)
        {
            if (inHeader.Token is not null || query.Count > 1) return new(null, AccessTokenProblems.SeveralTokens);
            request.HttpContext.Response.Headers.CacheControl = "private, no-store"; // RFC 6750 §2.3
            return Bounded(query.ToString());
        }

        if (inHeader.Token is not null || options.Cookie is not { } name) return inHeader;
        var cookie = OfCookie(request.Headers, name);
        return cookie.IsNone || options.CrossSite.AllowsResource(request) ? cookie : CrossSite;
    }

    /// <summary>Reads the token of a request that a proxy asks about, from its header, else from a cookie. The cross-site rule judges the original method: what the proxy asks with is always GET.</summary>
    /// <param name="headers">The headers of the question: proxies send the client's along.</param>
    /// <param name="method">The original method.</param>
    /// <param name="cookie">The name of the cookie; null for none.</param>
    /// <param name="crossSite">Who may use the cookie.</param>
    public static PresentedToken ReadForwarded(IHeaderDictionary headers, string method, string? cookie, CrossSiteRule crossSite)
    {
        var inHeader = OfHeader(headers);
        if (!inHeader.IsNone || cookie is null) return inHeader;
        var inCookie = OfCookie(headers, cookie);
        return inCookie.IsNone || crossSite.AllowsForwarded(headers, method) ? inCookie : CrossSite;
    }

    private static PresentedToken Malformed => new(null, AccessTokenProblems.Refused(AccessTokenFailure.Malformed));

    private static PresentedToken CrossSite => new(null, AccessTokenProblems.CrossSite);

    private static PresentedToken Bounded(string token) => token.Length <= Jws.MaxLength ? new(token.AsMemory(), null) : Malformed;

    private static PresentedToken OfHeader(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization;
        if (authorization.Count > 1) return Malformed;
        var header = authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return default;
        return header.Length <= Bearer.Length + Jws.MaxLength ? new(header.AsMemory(Bearer.Length), null) : Malformed;
    }

    // Read here, and two of the name are refused: a neighbouring subdomain can plant one, and nobody can tell which. The framework keeps the last, in any case, and undoes percent-encodings.
    private static PresentedToken OfCookie(IHeaderDictionary headers, string name)
    {
        ReadOnlyMemory<char>? token = null;
        foreach (var header in headers.Cookie)
        {
            foreach (var range in header.AsSpan().Split(';'))
            {
                var pair = header.AsMemory()[range].Trim();
                if (pair.Length <= name.Length || pair.Span[name.Length] != '=' || !pair.Span.StartsWith(name, StringComparison.Ordinal)) continue;
                if (token is not null) return Malformed;
                token = pair[(name.Length + 1)..];
            }
        }

        return token is not { Length: > 0 } found ? default : found.Length <= Jws.MaxLength ? new(found, null) : Malformed;
    }

    private static bool IsQueryPath(PathString path, IList<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
