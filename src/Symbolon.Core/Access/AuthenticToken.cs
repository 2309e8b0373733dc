using Symbolon.Revocation;

namespace Symbolon.Access;

/// <summary>A token that passed every check that depends on the token, the keys and the policy alone. Immutable, so it may be remembered until one of them changes.</summary>
/// <remarks>What depends on time and on revocation is not settled by it: see <see cref="AccessTokenVerification.CheckNow"/>.</remarks>
public sealed class AuthenticToken
{
    /// <summary>Takes what a verification found.</summary>
    /// <param name="claims">What the token says.</param>
    /// <param name="kid">The key that signed it.</param>
    public AuthenticToken(AccessTokenClaims claims, string kid)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(kid);
        (Claims, Kid) = (claims, kid);
        (Session, Id, Subject) = (RevocationKey.Of(claims.SessionId), RevocationKey.Of(claims.Id), RevocationKey.Of(claims.Subject));
    }

    /// <summary>What the token says.</summary>
    public AccessTokenClaims Claims { get; }

    /// <summary>The key that signed it.</summary>
    public string Kid { get; }

    // Prepared once, because they are looked up on each request.
    internal RevocationKey Session { get; }

    internal RevocationKey Id { get; }

    internal RevocationKey Subject { get; }
}
