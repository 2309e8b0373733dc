using Microsoft.AspNetCore.Http;

namespace Symbolon.AspNetCore;

/// <summary>Who may use a cookie, or have one set: this origin, listed ones, and programs that are no browsers. The one home of the rule: the authority and resource servers ask it.</summary>
/// <param name="isListed">Whether an origin is one of the listed ones.</param>
/// <param name="ownOrigin">Another name of this origin, where a proxy passes another Host on.</param>
/// <remarks>DESIGN §7; ASVS 5.0 3.5.1, 3.5.2.</remarks>
internal sealed class CrossSiteRule(Predicate<string> isListed, string? ownOrigin = null)
{
    /// <summary>The rule for a list of origins.</summary>
    public CrossSiteRule(ICollection<string> origins, string? ownOrigin = null) : this(origins.Contains, ownOrigin)
    {
    }

    /// <summary>The header that programs send; a browser cannot send it across sites without being asked for permission first.</summary>
    public const string Header = "X-Symbolon";

    private const string FetchSite = "Sec-Fetch-Site", FetchMode = "Sec-Fetch-Mode";

    /// <summary>Whether a request passes.</summary>
    public bool Allows(HttpRequest request) => Allows(request.Headers, $"{request.Scheme}://{request.Host}");

    /// <summary>Whether a request for a resource passes: a link that leads here from elsewhere does, since it reads and shows nothing to the page it stood on.</summary>
    public bool AllowsResource(HttpRequest request) => IsNavigation(request.Headers, request.Method) || Allows(request);

    /// <summary>The same for a request that a proxy asks about: by its own method, and listed origins alone, since its scheme and host are not known here.</summary>
    public bool AllowsForwarded(IHeaderDictionary headers, string method) => IsNavigation(headers, method) || Allows(headers, requestOrigin: null);

    private bool Allows(IHeaderDictionary headers, string? requestOrigin)
    {
        if (headers.Origin is { Count: > 0 } origin)
            return origin.Count == 1 && ((requestOrigin is not null && origin == requestOrigin) || (ownOrigin is not null && origin == ownOrigin) || isListed(origin.ToString()));
        if (headers[FetchSite] is { Count: > 0 } site) return site == "same-origin";
        return headers.ContainsKey(Header);
    }

    // A browser sets Sec-Fetch-Mode itself; no script can.
    private static bool IsNavigation(IHeaderDictionary headers, string method) =>
        (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) && headers[FetchMode] == "navigate";

    /// <summary>What is wrong with a listed origin; null when nothing is.</summary>
    public static string? Complaint(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == origin
            ? null : $"'{origin}' is not an origin; write scheme, host and port alone, for example https://app.example.";
}
