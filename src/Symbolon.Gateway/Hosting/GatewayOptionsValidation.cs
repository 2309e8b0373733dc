using Symbolon.AspNetCore;
using Symbolon.AspNetCore.Remote;
using Symbolon.Jose;

namespace Symbolon.Gateway.Hosting;

/// <summary>Checks the configuration at start. Each message says what to write.</summary>
internal static class GatewayOptionsValidation
{
    private static readonly string[] RefreshCookies = ["__Host-symbolon-rt", "symbolon-rt"];
    private static readonly TimeSpan Year = TimeSpan.FromDays(366), Day = TimeSpan.FromDays(1);

    /// <summary>What is wrong; empty when nothing is.</summary>
    public static IReadOnlyList<string> Check(GatewayOptions options, bool isDevelopment)
    {
        var failures = new List<string>();
        if (options.Issuer.Length == 0) failures.Add("Gateway:Issuer is missing. Write the issuer exactly as it stands in tokens, for example https://auth.example.");
        else if (options.JwksUri is null) Address(options.Issuer, "Gateway:Issuer", ", or set Gateway:JwksUri");
        Address(options.JwksUri, "Gateway:JwksUri");
        Require(options.Audience.Length > 0, "Gateway:Audience is empty. Write the name that tokens for these services carry, for example api.");
        Require(options.Types is not { Count: 0 } && options.Types?.Any(string.IsNullOrWhiteSpace) != true, "Gateway:Types has an empty entry. Write for example at+jwt, or JWT.");
        Require(options.Algorithms?.Contains(JwsAlgorithm.HS256) != true, "Gateway:Algorithms: HS256 has no public key, so that nobody can publish one. Write for example ES256 or RS256.");
        Require(options.RolesClaim.Length > 0, "Gateway:RolesClaim is empty. Write for example roles, or realm_access.roles.");
        Range(options.MaxTokenAge, TimeSpan.FromSeconds(1), Year, "Gateway:MaxTokenAge", "01:00:00");
        Range(options.ClockSkew, TimeSpan.Zero, TimeSpan.FromMinutes(5), "Gateway:ClockSkew", "00:00:30");
        Range(options.MaxStaleness, TimeSpan.FromMilliseconds(1), Day, "Gateway:MaxStaleness", "00:00:05");
        CheckCookie();
        CheckFeed();
        return failures;

        void CheckCookie()
        {
            failures.AddRange(options.Origins.Select(CrossSiteRule.Complaint).OfType<string>().Select(complaint => $"Gateway:Origins: {complaint}"));
            if (options.Cookie is not { } cookie) return;
            Require(cookie.Length > 0 && cookie.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'), "Gateway:Cookie is no name of a cookie. Write for example __Host-access.");
            Require(!RefreshCookies.Contains(cookie), $"Gateway:Cookie: {cookie} carries a refresh token, which is for the authority alone. Name a cookie that carries an access token.");
            Require(options.Origins.Count > 0, "Gateway:Origins is empty. Write the origins whose pages may use the cookie, first this site's own, for example https://app.example.");
        }

        void CheckFeed()
        {
            var feed = options.Feed;
            Address(feed.Url, "Gateway:Feed:Url");
            Address(feed.TokenUrl, "Gateway:Feed:TokenUrl");
            Address(feed.IntrospectionUrl, "Gateway:Feed:IntrospectionUrl");
            var isAsked = feed.Url is not null || feed.IntrospectionUrl is not null;
            Require(feed.TokenUrl is null || feed.Url is not null, "Gateway:Feed:TokenUrl is only used for the feed. Set Gateway:Feed:Url too.");
            Require(!isAsked || feed.ClientId is { Length: > 0 }, "Gateway:Feed:ClientId is missing. 'symbolon clients add' prints an id and a secret.");
            Require(!isAsked || feed.ClientSecret is { Length: > 0 }, "Gateway:Feed:ClientSecret is missing. Set it in the environment: Gateway__Feed__ClientSecret.");
            Require(isAsked || (feed.ClientId is null && feed.ClientSecret is null), "Gateway:Feed:ClientId and :ClientSecret are there, but no address. Set Gateway:Feed:Url, for example https://auth.example/revocations.");
        }

        void Require(bool isSo, string otherwise)
        {
            if (!isSo) failures.Add(otherwise);
        }

        void Range(TimeSpan value, TimeSpan least, TimeSpan most, string key, string example) =>
            Require(value >= least && value <= most, $"{key} is {value}; it must be {least} to {most}, for example {example}.");

        // Who can change keys or revocations on their way decides who gets in.
        void Address(string? value, string key, string more = "")
        {
            if (value is null) return;
            Require(Uri.TryCreate(value, UriKind.Absolute, out var uri) && RemoteAddress.IsAllowed(uri, isDevelopment), $"{key} is '{value}'. It must be an address that begins with https://{more}; plain http is for loopback hosts and for Development only.");
        }
    }
}
