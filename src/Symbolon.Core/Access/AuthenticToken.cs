using Symbolon.Revocation;

namespace Symbolon.Access;

/// <summary>A token that passed every check that depends on the token, the keys and the policy alone. Immutable, so it may be remembered until one of them changes.</summary>
/// <remarks>What depends on time and on revocation is not settled by it: see <see cref="AccessTokenVerification.CheckNow"/>. What that needs on each request is prepared here.</remarks>
public sealed class AuthenticToken
{
    private long _clearOf;

    /// <summary>Takes what a verification found.</summary>
    /// <param name="claims">What the token says.</param>
    /// <param name="kid">The key that signed it.</param>
    public AuthenticToken(AccessTokenClaims claims, string kid)
        : this(claims, kid, [])
    {
    }

    internal AuthenticToken(AccessTokenClaims claims, string kid, byte[] text)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(kid);
        (Claims, Kid, Text, Confirmation) = (claims, kid, text, claims.ConfirmationThumbprint);
        (NotBeforeTicks, ExpiresTicks) = (Math.Max(claims.IssuedAt.UtcTicks, claims.NotBefore?.UtcTicks ?? 0), claims.ExpiresAt.UtcTicks);
        LifeTicks = claims.ExpiresAt.UtcTicks - claims.IssuedAt.UtcTicks;
        (Era, Epoch, ClaimsVersion) = (claims.Era ?? 0, claims.Epoch ?? 0, claims.ClaimsVersion ?? 0);
        var (session, id, subject) = (RevocationKey.Of(claims.SessionId), RevocationKey.Of(claims.Id), RevocationKey.Of(claims.Subject));
        (SessionHash, IdHash, SubjectHash) = (session.Hash(), id.Hash(), subject.Hash());
        HasLongIds = (session.Text ?? id.Text ?? subject.Text) is not null;
    }

    /// <summary>What the token says.</summary>
    public AccessTokenClaims Claims { get; }

    /// <summary>The key that signed it.</summary>
    public string Kid { get; }

    /// <summary>The token itself, in ASCII; empty when it is not known.</summary>
    internal byte[] Text { get; }

    internal string? Confirmation { get; }

    /// <summary>The later of <c>nbf</c> and <c>iat</c>: either is refused in the same way.</summary>
    internal long NotBeforeTicks { get; }

    internal long ExpiresTicks { get; }

    internal long LifeTicks { get; }

    /// <summary>The number of the last pair of a denylist's tables that were found not to concern this token. Not a part of it, but a note: neither ever changes, so it stays true.</summary>
    internal long ClearOf
    {
        get => Volatile.Read(ref _clearOf);
        set => Volatile.Write(ref _clearOf, value);
    }

    internal ulong SessionHash { get; }

    internal ulong IdHash { get; }

    internal ulong SubjectHash { get; }

    /// <summary>0 when the token does not say: then any number that was raised refuses it.</summary>
    internal int Era { get; }

    /// <inheritdoc cref="Era"/>
    internal int Epoch { get; }

    /// <inheritdoc cref="Era"/>
    internal int ClaimsVersion { get; }

    /// <summary>True when an id has no short form: see <see cref="RevocationKey"/>.</summary>
    internal bool HasLongIds { get; }
}
