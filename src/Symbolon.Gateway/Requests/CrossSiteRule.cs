namespace Symbolon.Gateway.Requests;

/// <summary>Which requests a cookie authenticates: those of this site's own pages, of people who follow a link, and of programs that are no browsers.</summary>
/// <remarks>
/// As at the authority, but own origins are listed too: behind a proxy <c>Host</c> is the client's word. A navigation that only reads is exempt, or no link from elsewhere would work.
/// Judged on the original method: what the proxy asks with is always GET. DESIGN §7; ASVS 5.0 3.5.1.
/// </remarks>
internal static class CrossSiteRule
{
    /// <summary>Whether a request with a cookie passes. Pure.</summary>
    public static bool Allows(IHeaderDictionary headers, string method, IList<string> origins)
    {
        if (method is "GET" or "HEAD" && headers["Sec-Fetch-Mode"] is [ "navigate" ]) return true;
        if (headers.Origin is { Count: > 0 } origin) return origin.Count == 1 && origins.Contains(origin[0]!);
        if (headers["Sec-Fetch-Site"] is { Count: > 0 } site) return site is ["same-origin"];
        return headers.ContainsKey("X-Symbolon");
    }
}
