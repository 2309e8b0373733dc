using Symbolon.AspNetCore;
using Symbolon.Gateway.Requests;
using Symbolon.Gateway.Rules;
using Symbolon.Jose;

namespace Symbolon.Gateway;

/// <summary>Configuration: <c>Gateway:*</c>.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>The one issuer whose tokens count. Required.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>Where its keys are. Default: the issuer's metadata say so.</summary>
    public string? JwksUri { get; set; }

    /// <summary>The audience that tokens need. Default: <c>api</c>.</summary>
    public string Audience { get; set; } = "api";

    /// <summary>Where the original method and path are read. Default: <c>forwarded</c>.</summary>
    public OriginalSource Original { get; set; } = OriginalSource.Forwarded;

    /// <summary>The rules' file, from the working directory. Default: <c>rules.yaml</c>, and if there is none, every path needs a valid token.</summary>
    public string? Rules { get; set; }

    /// <summary>A cookie that carries the access token, where there is no Authorization header. Default: none.</summary>
    public string? Cookie { get; set; }

    /// <summary>Origins whose pages may use the cookie: this site's own, and others.</summary>
    public IList<string> Origins { get; set; } = [];

    /// <summary>Accepted <c>typ</c>. Default: <c>at+jwt</c>.</summary>
    public IList<string>? Types { get; set; }

    /// <summary>Accepted algorithms. Default: ES256, ES384, RS256, PS256.</summary>
    public IList<JwsAlgorithm>? Algorithms { get; set; }

    /// <summary>The longest life a token may have. Default: 1 hour.</summary>
    public TimeSpan MaxTokenAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Claims that must be there. Default: iss, sub, aud, exp, iat, jti, client_id.</summary>
    public IList<string>? RequiredClaims { get; set; }

    /// <summary>Where roles are. Default: <c>roles</c>.</summary>
    public string RolesClaim { get; set; } = TokenRoles.Own;

    /// <summary>How far clocks may be apart. Default: 30 seconds.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How old the view of what is revoked may be. Default: 5 seconds.</summary>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What happens beyond that. Default: <c>Ask</c>.</summary>
    public WhenStale WhenStale { get; set; } = WhenStale.Ask;

    /// <summary>Where revocations and live answers come from.</summary>
    public GatewayFeedOptions Feed { get; set; } = new();

    /// <summary>What rules may ask for.</summary>
    public RulesAbility Ability => new(Feed.Url is { Length: > 0 }, Feed.Url is { Length: > 0 } || Feed.IntrospectionUrl is { Length: > 0 });

    /// <summary>What a rule asks for that says nothing.</summary>
    public RouteDemand Demand => new(Ability.Feed ? SymbolonMode.Revocable : SymbolonMode.Offline, MaxStaleness, WhenStale);
}

/// <summary>Configuration: <c>Gateway:Feed:*</c>.</summary>
internal sealed class GatewayFeedOptions
{
    /// <summary>The feed: the authority's <c>/revocations</c>. Default: none, and tokens count until they expire.</summary>
    public string? Url { get; set; }

    /// <summary>The gateway's client id at the authority.</summary>
    public string? ClientId { get; set; }

    /// <summary>Its secret.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Where it gets its own token. Default: <c>/oauth/token</c> at the origin of <see cref="Url"/>.</summary>
    public string? TokenUrl { get; set; }

    /// <summary>Where it asks about a token. Default: <c>/oauth/introspect</c> at the origin of <see cref="Url"/>.</summary>
    public string? IntrospectionUrl { get; set; }
}
