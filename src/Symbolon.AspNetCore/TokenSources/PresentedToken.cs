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

    public static PresentedToken Read(HttpRequest request, SymbolonOptions options)
    {
        var authorization = request.Headers.Authorization;
        if (authorization.Count > 1) return Malformed;
        var header = authorization.ToString();
        var isBearer = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);
        if (options.QueryPaths.Count > 0 && request.QueryString.HasValue && IsQueryPath(request.Path, options.QueryPaths) && request.Query[Query] is { Count: > 0 } query)
        {
            if (isBearer || query.Count > 1) return new(null, AccessTokenProblems.SeveralTokens);
            request.HttpContext.Response.Headers.CacheControl = "private, no-store"; // RFC 6750 §2.3
            return Bounded(query.ToString());
        }

        return isBearer ? header.Length <= Bearer.Length + Jws.MaxLength ? new(header.AsMemory(Bearer.Length), null) : Malformed
            : options.Cookie is { } name && request.Cookies[name] is { Length: > 0 } cookie ? OfCookie(request, options, cookie)
            : default;
    }

    private static PresentedToken Malformed => new(null, AccessTokenProblems.Refused(AccessTokenFailure.Malformed));

    private static PresentedToken Bounded(string token) => token.Length <= Jws.MaxLength ? new(token.AsMemory(), null) : Malformed;

    private static PresentedToken OfCookie(HttpRequest request, SymbolonOptions options, string cookie) =>
        options.CrossSite.AllowsResource(request) ? Bounded(cookie) : new(null, AccessTokenProblems.CrossSite);

    private static bool IsQueryPath(PathString path, IList<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
