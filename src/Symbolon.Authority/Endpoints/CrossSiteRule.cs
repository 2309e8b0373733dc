using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Symbolon.Authority.Endpoints;

/// <summary>Who may use the session cookie, or have one set: this origin, listed ones, and programs that are no browsers.</summary>
/// <remarks>DESIGN §7; ASVS 5.0 3.5.1, 3.5.2.</remarks>
internal sealed class CrossSiteRule(IOptions<AuthorityOptions> options)
{
    /// <summary>The header that programs send; a browser cannot send it across sites without being asked for permission first.</summary>
    public const string Header = "X-Symbolon";

    // The issuer is this origin too, also behind a proxy that passes another Host on.
    private readonly string issuerOrigin = new Uri(options.Value.Issuer).GetLeftPart(UriPartial.Authority);

    /// <summary>Whether a request passes.</summary>
    public bool Allows(HttpRequest request)
    {
        if (request.Headers.Origin is { Count: > 0 } origin)
            return origin.Count == 1 && (origin == $"{request.Scheme}://{request.Host}" || origin == issuerOrigin || options.Value.Cors.Origins.Contains(origin.ToString()));
        if (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site) return site == "same-origin";
        return request.Headers.ContainsKey(Header);
    }
}
