using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Symbolon.Jose;
using Symbolon.Keys;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Access;

/// <summary>What became of a token: what it says, or why it is refused.</summary>
public readonly record struct AccessTokenResult
{
    private readonly AccessTokenFailure _failure;

    private AccessTokenResult(AuthenticToken? token, AccessTokenFailure failure, EndReason? reason) => (Token, _failure, Reason) = (token, failure, reason);

    /// <summary>True when the token passed.</summary>
    [MemberNotNullWhen(true, nameof(Token), nameof(Claims))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsAccepted => Token is not null;

    /// <summary>The token when it passed.</summary>
    public AuthenticToken? Token { get; }

    /// <summary>The claims when it passed.</summary>
    public AccessTokenClaims? Claims => Token?.Claims;

    /// <summary>The first check that failed, when it did not pass.</summary>
    public AccessTokenFailure? Failure => IsAccepted ? null : _failure;

    /// <summary>Why the session of a revoked token ended, where that is known.</summary>
    public EndReason? Reason { get; }

    /// <summary>A token that passed.</summary>
    public static AccessTokenResult Accepted(AuthenticToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new(token, default, null);
    }

    /// <summary>A token that did not.</summary>
    public static AccessTokenResult Refused(AccessTokenFailure failure, EndReason? reason = null) => new(null, failure, reason);
}

/// <summary>Verifies access tokens: pure, in the order of DESIGN §5, first failure wins, never an exception for bad input.</summary>
/// <remarks>
/// Two steps: <see cref="Authenticate(string, VerificationKeys, AccessTokenPolicy)"/> depends on token, keys and policy alone, so its result may be remembered until one of them changes;
/// <see cref="CheckNow"/> depends on the instant, the denylist and the request, and runs each time. RFC 9068 §4, RFC 8725 §3.
/// </remarks>
public static class AccessTokenVerification
{
    /// <summary>Both steps.</summary>
    /// <param name="token">The token as it came.</param>
    /// <param name="keys">The keys believed at this moment.</param>
    /// <param name="policy">What this verifier accepts.</param>
    /// <param name="denylist">What is revoked; <see cref="Denylist.Empty"/> to go by the token alone.</param>
    /// <param name="now">Instant of the decision, UTC.</param>
    /// <param name="provenThumbprint">Thumbprint of the key that the request proved to hold, if any.</param>
    public static AccessTokenResult Verify(
        string token, VerificationKeys keys, AccessTokenPolicy policy, Denylist denylist, DateTimeOffset now, string? provenThumbprint = null)
    {
        var result = Authenticate(token, keys, policy);
        return result.IsAccepted ? CheckNow(result.Token, policy, denylist, now, provenThumbprint) : result;
    }

    /// <summary>Everything that does not depend on time: form, header, key, signature, claims, issuer, audience.</summary>
    public static AccessTokenResult Authenticate(string token, VerificationKeys keys, AccessTokenPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(policy);
        if (token.Length > Jws.MaxLength)
            return AccessTokenResult.Refused(AccessTokenFailure.Malformed);

        // One buffer: the token as bytes, then room for its decoded parts one after the other, which are never longer than it.
        var buffer = ArrayPool<byte>.Shared.Rent(2 * token.Length);
        try
        {
            return Authenticate(token, buffer, keys, policy);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What depends on the instant, on revocation and on the request: not before, expiry, age, denylist, claims version, sender constraint.</summary>
    public static AccessTokenResult CheckNow(AuthenticToken token, AccessTokenPolicy policy, Denylist denylist, DateTimeOffset now, string? provenThumbprint)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(denylist);
        return CheckTime(token, policy, now.UtcTicks) is { } untimely ? AccessTokenResult.Refused(untimely)
            : denylist.Find(token) is { } match ? AccessTokenResult.Refused(match.Failure, match.Reason)
            : token.Confirmation is { } bound && bound != provenThumbprint ? AccessTokenResult.Refused(AccessTokenFailure.ProofRequired)
            : AccessTokenResult.Accepted(token);
    }

    // Differences of instants cannot overflow; an instant plus the skew could.
    private static AccessTokenFailure? CheckTime(AuthenticToken token, AccessTokenPolicy policy, long now) =>
        token.NotBeforeTicks - now > policy.ClockSkew.Ticks ? AccessTokenFailure.Early
        : now - token.ExpiresTicks >= policy.ClockSkew.Ticks ? AccessTokenFailure.Expired
        : token.LifeTicks > policy.MaxTokenAge.Ticks ? AccessTokenFailure.TooOld
        : null;

    private static AccessTokenResult Authenticate(string token, byte[] buffer, VerificationKeys keys, AccessTokenPolicy policy)
    {
        // What is not ASCII becomes '?', which is outside the alphabet and refused there.
        var text = buffer.AsSpan(0, Encoding.ASCII.GetBytes(token, buffer));
        if (!Jws.TrySplit(text, out var parts))
            return AccessTokenResult.Refused(AccessTokenFailure.Malformed);

        if (!JwsHeader.TryRead(Decode(parts.Header, text, buffer), out var header))
            return AccessTokenResult.Refused(AccessTokenFailure.Malformed);
        if (header.Type is null || !policy.AcceptsType(header.Type))
            return AccessTokenResult.Refused(AccessTokenFailure.Type);
        if (header.HasExtensions)
            return AccessTokenResult.Refused(AccessTokenFailure.Malformed);
        if (!JwsAlgorithms.TryParse(header.Algorithm, out var algorithm) || !policy.Accepts(algorithm))
            return AccessTokenResult.Refused(AccessTokenFailure.Algorithm);
        if (header.Kid is null || keys.Find(header.Kid) is not { } key || key.Algorithm != algorithm)
            return AccessTokenResult.Refused(AccessTokenFailure.Key);
        if (!key.Verify(text[parts.Signed], Decode(parts.Signature, text, buffer).Span))
            return AccessTokenResult.Refused(AccessTokenFailure.Signature);

        if (!AccessTokenClaimsReader.TryRead(Decode(parts.Payload, text, buffer), policy, out var claims))
            return AccessTokenResult.Refused(AccessTokenFailure.Claims);
        if (claims!.Issuer != policy.Issuer)
            return AccessTokenResult.Refused(AccessTokenFailure.Issuer);
        if (!policy.AcceptsAudience(claims.Audience))
            return AccessTokenResult.Refused(AccessTokenFailure.Audience);
        return claims.ExpiresAt > claims.IssuedAt ? AccessTokenResult.Accepted(new AuthenticToken(claims, key.Kid, text.ToArray())) : AccessTokenResult.Refused(AccessTokenFailure.Claims);
    }

    private static ReadOnlyMemory<byte> Decode(Range part, ReadOnlySpan<byte> text, byte[] buffer)
    {
        var decoded = StrictBase64Url.Decode(text[part], buffer.AsSpan(text.Length));
        return buffer.AsMemory(text.Length, decoded.Length);
    }
}
