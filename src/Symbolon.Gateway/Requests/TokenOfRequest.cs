using Symbolon.AspNetCore;

namespace Symbolon.Gateway.Requests;

/// <summary>The access token that came along: from <c>Authorization: Bearer</c>, else from the configured cookie.</summary>
/// <remarks>A browser sends a cookie by itself, also for a page of somebody else's: so a cookie counts only where <see cref="CrossSiteRule"/> allows it, judged on the original method: what the proxy asks with is always GET. DESIGN §7.</remarks>
internal static class TokenOfRequest
{
    private const string Bearer = "Bearer ";

    /// <summary>Looks for it.</summary>
    /// <param name="request">The subrequest: proxies send the client's headers along.</param>
    /// <param name="method">The original method.</param>
    /// <param name="options">Where to look.</param>
    /// <param name="token">The token, when there is one.</param>
    /// <returns>Null, or what to answer: there is none, or none that may be used.</returns>
    public static SymbolonProblem? Find(HttpRequest request, string method, GatewayOptions options, out ReadOnlyMemory<char> token)
    {
        token = default;
        var header = request.Headers.Authorization;
        if (header.Count > 1) return GatewayProblems.TwoTokens;
        if (header.ToString() is { } value && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            token = value.AsMemory(Bearer.Length);
            return null;
        }

        if (options.Cookie is not { Length: > 0 } name || !TryCookie(request, name, out var several, out token)) return AccessTokenProblems.Missing;
        if (several) return GatewayProblems.TwoTokens;
        return new CrossSiteRule(options.Origins).AllowsForwarded(request.Headers, method) ? null : AccessTokenProblems.CrossSite;
    }

    // Read here, because the framework keeps the first of two cookies of a name, and undoes percent-encodings: a neighbouring subdomain may plant the first.
    private static bool TryCookie(HttpRequest request, string name, out bool several, out ReadOnlyMemory<char> token)
    {
        (several, token) = (false, default);
        var found = false;
        foreach (var header in request.Headers.Cookie)
        {
            foreach (var range in header.AsSpan().Split(';'))
            {
                var pair = header.AsSpan(range).Trim();
                if (pair.Length <= name.Length || pair[name.Length] != '=' || !pair.StartsWith(name, StringComparison.Ordinal)) continue;
                (several, found, token) = (found, true, pair[(name.Length + 1)..].ToString().AsMemory());
                if (several) return true;
            }
        }

        return found && token.Length > 0;
    }
}
