using Microsoft.AspNetCore.Authentication;
using Symbolon.Access;
using Symbolon.Jose;

namespace Symbolon.AspNetCore;

/// <summary>What the authentication scheme accepts.</summary>
public sealed class SymbolonOptions : AuthenticationSchemeOptions
{
    /// <summary>The authority's address, for example <c>https://auth.example</c>. Required, but in the authority's own process.</summary>
    public string? Authority { get; set; }

    /// <summary>The one issuer whose tokens count, compared exactly. Default: <see cref="Authority"/>.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>This service's own name, which a token needs in <c>aud</c>; or see <see cref="Audiences"/>.</summary>
    public string? Audience { get; set; }

    /// <summary>This service's own names; a token needs one of them, or <see cref="Audience"/>, in <c>aud</c>.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>The id of this service's client at the authority, for the revocation feed and live answers. Required, but with <see cref="SymbolonMode.Offline"/>.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client's secret.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>The name of this service in receipts. Default: <see cref="ClientId"/>.</summary>
    public string? VerifierName { get; set; }

    /// <summary>The key set. Default: what the metadata at <c>{Authority}/.well-known/openid-configuration</c> say.</summary>
    public Uri? JwksUri { get; set; }

    /// <summary>Keys to begin with, so that a start does not need the authority: a JWK set as JSON. Default: none.</summary>
    public string? InitialJwks { get; set; }

    /// <summary>Whether a key of the set that states no <c>alg</c> gets the one of its type; some issuers leave it out. Default: false.</summary>
    public bool DeriveKeyAlgorithms { get; set; }

    /// <summary>The revocation feed. Default: <c>{Authority}/revocations</c>.</summary>
    public Uri? RevocationUri { get; set; }

    /// <summary>The token endpoint, for the feed's token. Default: <c>{Authority}/oauth/token</c>.</summary>
    public Uri? TokenUri { get; set; }

    /// <summary>The introspection endpoint, for live answers. Default: <c>{Authority}/oauth/introspect</c>.</summary>
    public Uri? IntrospectionUri { get; set; }

    /// <summary>How to reach the authority. Default: a handler without redirects and cookies. It is not disposed.</summary>
    public HttpMessageHandler? BackchannelHttpHandler { get; set; }

    /// <summary>Accepted algorithms. Default: ES256, ES384, RS256, PS256.</summary>
    public IList<JwsAlgorithm> Algorithms { get; } = [JwsAlgorithm.ES256, JwsAlgorithm.ES384, JwsAlgorithm.RS256, JwsAlgorithm.PS256];

    /// <summary>How far the clocks of issuer and this service may be apart. Default: 30 seconds.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest life a token may have, from <c>iat</c> to <c>exp</c>. Default: 1 hour.</summary>
    public TimeSpan MaxTokenAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Hooks.</summary>
    public new SymbolonEvents Events
    {
        get => (SymbolonEvents)base.Events!;
        set => base.Events = value;
    }

    /// <summary>The mode of routes that name none. Default: <see cref="SymbolonMode.Revocable"/>.</summary>
    public SymbolonMode Mode { get; set; } = SymbolonMode.Revocable;

    /// <summary>How old the view of what is revoked may be, where a route does not say. Default: 5 seconds.</summary>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What happens beyond that, where a route does not say. Default: <see cref="WhenStale.Ask"/>.</summary>
    public WhenStale WhenStale { get; set; } = WhenStale.Ask;

    /// <summary>How many tokens are remembered, so that their signatures are checked once. Default: 32,768; 0 for none.</summary>
    public int RememberedTokens { get; set; } = 32_768;

    /// <summary>The cookie that may carry the access token where neither header nor query does, for example <c>__Host-access</c>. Its requests must pass the cross-site rule. Default: none.</summary>
    public string? Cookie { get; set; }

    /// <summary>Other origins, for example <c>https://app.example</c>, whose pages may use the cookie. Default: none.</summary>
    public IList<string> Origins { get; } = [];

    /// <summary>Path prefixes, for example <c>/hubs</c>, under which the access token may come as <c>?access_token=</c>: browsers open WebSockets and event streams without headers. Default: none.</summary>
    public IList<string> QueryPaths { get; } = [];

    /// <summary>How long an answer that is under way may go on before its connection is cut: to end by itself, or to say good-bye where the route observes <see cref="SymbolonConnection.Ended"/>. Up to 5 seconds. Default: 250 milliseconds.</summary>
    public TimeSpan ClosingGrace { get; set; } = TimeSpan.FromMilliseconds(250);

    internal CrossSiteRule CrossSite => field ??= new CrossSiteRule(Origins);

    /// <summary>The open connections of the scheme.</summary>
    internal SchemeConnections? Connections { get; set; }

    /// <summary>Where keys, revocations and live answers come from. The authority in process sets it.</summary>
    internal TokenCheckSources? Sources { get; set; }

    internal RouteDemand Demand => new(Mode, MaxStaleness, WhenStale);

    internal AccessTokenPolicy ToPolicy() => new()
    {
        Issuer = Issuer,
        Audiences = Audience is null ? [.. Audiences] : [Audience, .. Audiences],
        Algorithms = [.. Algorithms],
        ClockSkew = ClockSkew,
        MaxTokenAge = MaxTokenAge,
    };

    internal TokenCheck? Check { get; set; }

    internal bool IsOffline => Mode == SymbolonMode.Offline && ClientId is null && ClientSecret is null;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Origins.Select(CrossSiteRule.Complaint).FirstOrDefault(complaint => complaint is not null) is { } origin) throw new InvalidOperationException($"SymbolonOptions.Origins: {origin}");
        if (QueryPaths.FirstOrDefault(path => path is not ['/', _, ..] || path[^1] == '/') is { } query) throw new InvalidOperationException($"SymbolonOptions.QueryPaths: '{query}' must begin with a slash, end without one and name something, for example /hubs.");
        if (Cookie is "") throw new InvalidOperationException("SymbolonOptions.Cookie is empty; name a cookie, for example __Host-access, or set null.");
        if (ClosingGrace < TimeSpan.Zero || ClosingGrace > TimeSpan.FromSeconds(5)) throw new InvalidOperationException("SymbolonOptions.ClosingGrace must be 0 to 5 seconds.");
    }
}
