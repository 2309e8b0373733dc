using Microsoft.Extensions.Logging;

namespace Symbolon.AspNetCore.Remote;

/// <summary>What all parts of one authority's sources share.</summary>
internal sealed record RemoteContext(RemoteSourcesOptions Options, RemoteHttp Http, TimeProvider Time, ILogger Log, SymbolonMetrics Metrics);

/// <summary>Where an authority's keys, revocations and live answers are, and what this verifier promises. Checked by whoever makes it.</summary>
internal sealed record RemoteSourcesOptions
{
    /// <summary>The scheme's name, or another that tells these sources from others of the process, in logs and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>The issuer, compared exactly with what the metadata say.</summary>
    public required string Issuer { get; init; }

    /// <summary>The issuer's metadata; asked only where <see cref="JwksUri"/> is null.</summary>
    public required Uri Metadata { get; init; }

    /// <summary>The key set; null to take its address from the metadata.</summary>
    public Uri? JwksUri { get; init; }

    /// <summary>Keys to begin with, for a start without the authority: a JWK set; null for none.</summary>
    public string? InitialJwks { get; init; }

    /// <summary>Whether a key that states no algorithm gets the one of its type. Our authority's keys state it.</summary>
    public bool DerivesAlgorithms { get; init; }

    /// <summary>Whether keys may come over plain HTTP from hosts other than loopback: Development only.</summary>
    public bool AllowsHttp { get; init; }

    /// <summary>The verifier's credential, and what is asked with it; null for none: then there is neither feed nor live answer.</summary>
    public VerifierCredential? Credential { get; init; }

    /// <summary>The revocation feed (<c>…/revocations</c>); null for none.</summary>
    public Uri? Feed { get; init; }

    /// <summary>The introspection endpoint; null for none.</summary>
    public Uri? Introspection { get; init; }

    /// <summary>The name by which the authority knows this verifier in receipts.</summary>
    public string Verifier { get; init; } = "";

    /// <summary>The longest life that the verifier grants a token.</summary>
    public TimeSpan MaxTokenAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The clock skew that the verifier allows.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The loosest demand of any route, read anew for each acknowledgement: receipts rely on it.</summary>
    public required Func<RouteDemand> Loosest { get; init; }

    /// <summary>The shortest staleness bound of any route, read anew for each acknowledgement: they come so often that the view does not grow too old between two.</summary>
    public required Func<TimeSpan> ShortestStaleness { get; init; }

    /// <summary>How to reach the authority; null for a handler of our own.</summary>
    public HttpMessageHandler? Backchannel { get; init; }

    /// <summary>What a page of the log must cover, or entries are dropped before the tokens they concern have expired at this verifier.</summary>
    public TimeSpan NeededTokenAge => MaxTokenAge + (2 * ClockSkew) - TimeSpan.FromSeconds(60);
}

/// <summary>A client's id and secret, and where they are exchanged for a token.</summary>
internal sealed record VerifierCredential(string ClientId, string Secret, Uri TokenEndpoint)
{
    public override string ToString() => $"The credential of {ClientId}"; // never the secret
}
