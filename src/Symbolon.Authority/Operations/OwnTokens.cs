using Microsoft.Extensions.Options;
using Symbolon.Access;
using Symbolon.AspNetCore;
using Symbolon.Authority.Ports;
using Symbolon.Jose;
using Symbolon.Keys;
using Symbolon.Revocation;

namespace Symbolon.Authority.Operations;

/// <summary>Reads the authority's own access tokens, for whichever of its audiences they are, where somebody asks about them. No store is touched: a token that is not authentic costs the same whatever it says.</summary>
internal sealed class OwnTokens
{
    private const int Remembered = 4096;
    private readonly VerificationKeySource keys;
    private readonly RevocationFeed feed;
    private readonly TimeProvider time;
    private volatile AccessTokenVerifier verifier;

    public OwnTokens(InProcessKeySource keys, InProcessRevocationFeed feed, TimeProvider time, IOptions<AuthorityOptions> options)
    {
        (this.keys, this.feed, this.time) = (keys, feed, time);
        var authority = options.Value;
        var policy = new AccessTokenPolicy
        {
            Issuer = authority.Issuer,
            Audiences = [authority.Audience, authority.Issuer, .. authority.Clients.SelectMany(client => client.Audiences)],
        };
        verifier = new AccessTokenVerifier(VerificationKeys.None, policy with { Algorithms = [.. policy.Algorithms, JwsAlgorithm.HS256] }, capacity: 0);
    }

    /// <summary>Reads a token. One that is bound to a key passes without a proof: whoever asks about it has to see to that.</summary>
    /// <exception cref="StoreUnavailableException">The keys are not loaded yet.</exception>
    public AccessTokenResult Read(string token)
    {
        var current = verifier;
        var ours = keys.Current ?? throw new StoreUnavailableException("The signing keys are not loaded yet.");
        if (!ReferenceEquals(current.Keys, ours)) verifier = current = new AccessTokenVerifier(ours, current.Policy, Remembered);
        var (denylist, now) = (feed.View.Denylist, time.GetUtcNow());
        var result = current.Verify(token, denylist, now);
        return result.Failure == AccessTokenFailure.ProofRequired ? ReadBound(token, current, denylist, now) : result;
    }

    /// <summary>Reads a token, also one whose time has passed: what is revoked is said of it all the same.</summary>
    /// <exception cref="StoreUnavailableException">The keys are not loaded yet.</exception>
    public AccessTokenResult ReadExpired(string token)
    {
        var result = Read(token);
        if (result.Failure != AccessTokenFailure.Expired) return result;
        var current = verifier;
        var authentic = AccessTokenVerification.Authenticate(token, current.Keys, current.Policy);
        return authentic.Token is { } expired && feed.View.Denylist.Find(expired) is { } match ? AccessTokenResult.Refused(match.Failure, match.Reason) : authentic;
    }

    // The proof is the last check, so this one finds the token authentic again.
    private static AccessTokenResult ReadBound(string token, AccessTokenVerifier verifier, Denylist denylist, DateTimeOffset now)
    {
        var authentic = AccessTokenVerification.Authenticate(token, verifier.Keys, verifier.Policy).Token!;
        return AccessTokenVerification.CheckNow(authentic, verifier.Policy, denylist, now, authentic.Claims.ConfirmationThumbprint);
    }
}
