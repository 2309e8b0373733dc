using Microsoft.AspNetCore.Authentication;
using Symbolon.Access;
using Symbolon.Jose;

namespace Symbolon.AspNetCore;

/// <summary>What the authentication scheme accepts.</summary>
public sealed class SymbolonOptions : AuthenticationSchemeOptions
{
    /// <summary>The one issuer whose tokens count, compared exactly. Required.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>This service's own names; a token needs one of them in <c>aud</c>. Required.</summary>
    public IList<string> Audiences { get; } = [];

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

    /// <summary>How long a route that observes <see cref="SymbolonConnection.Ended"/> may take to say good-bye before its connection is cut. Up to 5 seconds. Default: 250 milliseconds.</summary>
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
        Audiences = [.. Audiences],
        Algorithms = [.. Algorithms],
        ClockSkew = ClockSkew,
        MaxTokenAge = MaxTokenAge,
    };

    internal TokenCheck? Check { get; set; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Issuer.Length == 0) throw new InvalidOperationException("Set SymbolonOptions.Issuer to the authority's issuer, for example https://auth.example.");
        if (Origins.Select(CrossSiteRule.Complaint).FirstOrDefault(complaint => complaint is not null) is { } origin) throw new InvalidOperationException($"SymbolonOptions.Origins: {origin}");
        if (QueryPaths.FirstOrDefault(path => path is not ['/', _, ..]) is { } query) throw new InvalidOperationException($"SymbolonOptions.QueryPaths: '{query}' must begin with a slash and name something, for example /hubs.");
        if (Cookie is "") throw new InvalidOperationException("SymbolonOptions.Cookie is empty; name a cookie, for example __Host-access, or set null.");
        if (ClosingGrace < TimeSpan.Zero || ClosingGrace > TimeSpan.FromSeconds(5)) throw new InvalidOperationException("SymbolonOptions.ClosingGrace must be 0 to 5 seconds.");
        if (Audiences.Count == 0) throw new InvalidOperationException("Add this service's name to SymbolonOptions.Audiences, for example \"api\".");
    }
}
