using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Symbolon.Jose;

namespace Symbolon.Access;

/// <summary>A claim and how many bytes of JSON it takes in the token.</summary>
/// <param name="Name">The claim's name.</param>
/// <param name="Bytes">Its name and value as UTF-8 JSON, before base64url.</param>
public readonly record struct ClaimSize(string Name, int Bytes);

/// <summary>What became of issuing an access token.</summary>
public abstract record AccessTokenIssuing
{
    private AccessTokenIssuing()
    {
    }

    /// <summary>Here it is.</summary>
    /// <param name="Token">The access token.</param>
    public sealed record Issued(string Token) : AccessTokenIssuing
    {
        /// <summary>Does not show the token: records are printed into logs.</summary>
        public override string ToString() => "Issued";
    }

    /// <summary>The token would be larger than <see cref="AccessTokenIssuance.MaxLength"/>: make these claims smaller.</summary>
    /// <param name="Length">The token's length in bytes.</param>
    /// <param name="Largest">The largest claims, largest first, at most five.</param>
    public sealed record TooLarge(int Length, ImmutableArray<ClaimSize> Largest) : AccessTokenIssuing;

    /// <summary>The application's own claims use names that are not free.</summary>
    /// <param name="Names">The names, in ordinal order.</param>
    public sealed record Reserved(ImmutableArray<string> Names) : AccessTokenIssuing;
}

/// <summary>Makes access tokens, and is the one place that keeps them small (DESIGN §3.1).</summary>
public static class AccessTokenIssuance
{
    /// <summary>The size budget: a token travels with every request, beside everything else in 8 KiB of headers.</summary>
    public const int MaxLength = 1200;

    private const int NamedClaims = 5;

    /// <summary>Signs the claims.</summary>
    /// <exception cref="ArgumentException">A required claim is empty, the token would end before it begins, or no verifier would read the application's own claims.</exception>
    public static AccessTokenIssuing Issue(SigningKey key, AccessTokenClaims claims)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(claims);
        if (MissingClaim(claims) is { } missing)
            throw new ArgumentException($"An access token needs '{missing}'.", nameof(claims));
        if (claims.ExpiresAt.ToUnixTimeSeconds() <= claims.IssuedAt.ToUnixTimeSeconds())
            throw new ArgumentException("An access token must expire at least one whole second after it is issued.", nameof(claims));

        var reserved = claims.Extra.Keys.Where(AccessTokenClaimNames.Contains).Order(StringComparer.Ordinal).ToImmutableArray();
        if (!reserved.IsEmpty)
            return new AccessTokenIssuing.Reserved(reserved);

        var payload = claims.ToUtf8Json();
        if (claims.Extra.Count > 0 && !AccessTokenClaimsReader.IsReadable(payload))
            throw new ArgumentException("The application's own claims have duplicate members or too many levels: no verifier would accept them.", nameof(claims));
        var length = Jws.Length(key, payload.Length);
        return length > MaxLength
            ? new AccessTokenIssuing.TooLarge(length, Largest(payload))
            : new AccessTokenIssuing.Issued(Jws.Sign(key, payload));
    }

    private static string? MissingClaim(AccessTokenClaims claims) =>
        string.IsNullOrEmpty(claims.Issuer) ? "iss"
        : string.IsNullOrEmpty(claims.Subject) ? "sub"
        : claims.Audience.Count == 0 || claims.Audience.Any(string.IsNullOrEmpty) ? "aud"
        : string.IsNullOrEmpty(claims.Id) ? "jti"
        : string.IsNullOrEmpty(claims.ClientId) ? "client_id"
        : null;

    private static ImmutableArray<ClaimSize> Largest(byte[] payload)
    {
        using var document = JsonDocument.Parse(payload);
        return [.. document.RootElement.EnumerateObject()
            .Select(m => new ClaimSize(m.Name, Encoding.UTF8.GetByteCount(m.ToString())))
            .OrderByDescending(s => s.Bytes)
            .ThenBy(s => s.Name, StringComparer.Ordinal)
            .Take(NamedClaims)];
    }
}
