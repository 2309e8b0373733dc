using Microsoft.AspNetCore.Http;

namespace Symbolon.AspNetCore;

/// <summary>Who may use a cookie, or have one set: this origin, listed ones, and programs that are no browsers. The one home of the rule: the authority and resource servers ask it.</summary>
/// <param name="origins">The listed origins.</param>
/// <param name="ownOrigin">Another name of this origin, where a proxy passes another Host on.</param>
/// <remarks>DESIGN §7; ASVS 5.0 3.5.1, 3.5.2.</remarks>
internal sealed class CrossSiteRule(ICollection<string> origins, string? ownOrigin = null)
{
    /// <summary>The header that programs send; a browser cannot send it across sites without being asked for permission first.</summary>
    public const string Header = "X-Symbolon";

    private const string FetchSite = "Sec-Fetch-Site", FetchMode = "Sec-Fetch-Mode";

    /// <summary>Whether a request passes.</summary>
    public bool Allows(HttpRequest request)
    {
        if (request.Headers.Origin is { Count: > 0 } origin)
            return origin.Count == 1 && (origin == $"{request.Scheme}://{request.Host}" || (ownOrigin is not null && origin == ownOrigin) || origins.Contains(origin.ToString()));
        if (request.Headers[FetchSite] is { Count: > 0 } site) return site == "same-origin";
        return request.Headers.ContainsKey(Header);
    }

    /// <summary>Whether a request for a resource passes: a link that leads here from elsewhere does, since it reads and shows nothing to the page it stood on.</summary>
    public bool AllowsResource(HttpRequest request) => IsNavigation(request) || Allows(request);

    // A browser sets Sec-Fetch-Mode itself; no script can.
    private static bool IsNavigation(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Headers[FetchMode] == "navigate";

    /// <summary>What is wrong with a listed origin; null when nothing is.</summary>
    public static string? Complaint(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == origin
            ? null : $"'{origin}' is not an origin; write scheme, host and port alone, for example https://app.example.";
}
