using Symbolon.Jose;

namespace Symbolon.Access;

/// <summary>What one verifier accepts. The defaults are for our own tokens; other issuers' may need a looser one.</summary>
public sealed record AccessTokenPolicy
{
    /// <summary>The one issuer, compared exactly (RFC 9068 §4).</summary>
    public required string Issuer { get; init; }

    /// <summary>The verifier's own names; a token needs one of them.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Accepted algorithms. Default: ES256, ES384, RS256, PS256; HS256 only where issuer and verifier are one process.</summary>
    public IReadOnlyList<JwsAlgorithm> Algorithms { get; init; } = [JwsAlgorithm.ES256, JwsAlgorithm.ES384, JwsAlgorithm.RS256, JwsAlgorithm.PS256];

    /// <summary>Accepted <c>typ</c>, without <c>application/</c>; the token may have that in front, in any case. Default: <c>at+jwt</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [Jws.AccessTokenType];

    /// <summary>How far the clocks of issuer and verifier may be apart. Default: 30 seconds.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest life, from <c>iat</c> to <c>exp</c>. Default: 1 hour.</summary>
    public TimeSpan MaxTokenAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Claims that must be there and not be empty. Default: those of RFC 9068 §2.2. Without <c>iss sub aud exp iat</c> no token is
    /// accepted whatever stands here.
    /// </summary>
    public IReadOnlyList<string> RequiredClaims { get; init; } = ["iss", "sub", "aud", "exp", "iat", "jti", "client_id"];

    internal bool Accepts(JwsAlgorithm algorithm) => Algorithms.Contains(algorithm);

    /// <summary>RFC 7515 §4.1.9: <c>application/</c> may be left out, and media types have no case.</summary>
    internal bool AcceptsType(string type)
    {
        const string Prefix = "application/";
        var name = type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? type.AsSpan(Prefix.Length) : type.AsSpan();
        foreach (var accepted in Types)
        {
            if (name.Equals(accepted, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    internal bool AcceptsAudience(IReadOnlyList<string> audience)
    {
        foreach (var name in audience)
        {
            if (Audiences.Contains(name, StringComparer.Ordinal))
                return true;
        }

        return false;
    }
}
