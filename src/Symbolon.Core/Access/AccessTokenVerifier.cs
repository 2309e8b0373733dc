using Symbolon.Keys;
using Symbolon.Revocation;

namespace Symbolon.Access;

/// <summary>Verifies access tokens under one set of keys and one policy, and remembers those that passed. Other keys or another policy need another verifier, so no memory outlives them.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class AccessTokenVerifier
{
    private readonly VerifiedTokens _remembered;

    /// <summary>Makes a verifier.</summary>
    /// <param name="keys">The keys believed.</param>
    /// <param name="policy">What is accepted.</param>
    /// <param name="capacity">How many tokens to remember; 0 for none.</param>
    public AccessTokenVerifier(VerificationKeys keys, AccessTokenPolicy policy, int capacity)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(policy);
        (Keys, Policy, _remembered) = (keys, policy, new VerifiedTokens(capacity));
    }

    /// <summary>The keys believed.</summary>
    public VerificationKeys Keys { get; }

    /// <summary>What is accepted.</summary>
    public AccessTokenPolicy Policy { get; }

    /// <summary>Verifies: what depends on the token alone once, what depends on time, revocation and the request each time.</summary>
    /// <param name="token">The token as it came.</param>
    /// <param name="denylist">What is revoked; <see cref="Denylist.Empty"/> to go by the token alone.</param>
    /// <param name="now">Instant of the decision, UTC.</param>
    /// <param name="provenThumbprint">Thumbprint of the key that the request proved to hold, if any.</param>
    public AccessTokenResult Verify(string token, Denylist denylist, DateTimeOffset now, string? provenThumbprint = null)
    {
        ArgumentNullException.ThrowIfNull(token);
        return TryRemembered(token, denylist, now, provenThumbprint, out var result) ? result : VerifyWhole(token, denylist, now, provenThumbprint);
    }

    /// <summary>The same for a token that is a part of something longer, such as a header: it is copied only when it is not remembered.</summary>
    /// <inheritdoc cref="Verify(string, Denylist, DateTimeOffset, string?)"/>
    public AccessTokenResult Verify(ReadOnlySpan<char> token, Denylist denylist, DateTimeOffset now, string? provenThumbprint = null) =>
        TryRemembered(token, denylist, now, provenThumbprint, out var result) ? result : VerifyWhole(token.ToString(), denylist, now, provenThumbprint);

    private bool TryRemembered(ReadOnlySpan<char> token, Denylist denylist, DateTimeOffset now, string? provenThumbprint, out AccessTokenResult result)
    {
        result = default;
        if (_remembered.Guess(token) is not { Token: { } remembered } guess)
            return false;

        // Decided before it is compared: so the processor waits for the token's text and for the denylist's filters at once. What was decided about another token is thrown away.
        result = AccessTokenVerification.CheckNow(remembered, Policy, denylist, now, provenThumbprint);
        if (guess.IsRight(token))
            return true;
        if (_remembered.Find(token) is not { } known)
            return false;
        result = AccessTokenVerification.CheckNow(known, Policy, denylist, now, provenThumbprint);
        return true;
    }

    private AccessTokenResult VerifyWhole(string token, Denylist denylist, DateTimeOffset now, string? provenThumbprint)
    {
        var result = AccessTokenVerification.Verify(token, Keys, Policy, denylist, now, provenThumbprint);
        if (result.IsAccepted) // not what is expired, too long-lived or revoked: it would take the place of a token that is of use
            _remembered.Add(token, result.Token);
        return result;
    }
}
