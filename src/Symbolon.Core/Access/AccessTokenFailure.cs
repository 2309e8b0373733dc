namespace Symbolon.Access;

/// <summary>Why an access token is refused. Checks run in the order of DESIGN §5, and the first that fails is the answer.</summary>
public enum AccessTokenFailure
{
    /// <summary>Not a compact JWS in canonical form, too large, or its header is not acceptable JSON.</summary>
    Malformed,

    /// <summary>The header's <c>typ</c> is not one the verifier takes.</summary>
    Type,

    /// <summary>The header's <c>alg</c> is not on the verifier's list.</summary>
    Algorithm,

    /// <summary>No key has this <c>kid</c>, or the key is for another algorithm.</summary>
    Key,

    /// <summary>The signature is not the key's.</summary>
    Signature,

    /// <summary>The claims are not acceptable JSON, or one is missing, of the wrong type, or contradicts another.</summary>
    Claims,

    /// <summary>Another issuer's token.</summary>
    Issuer,

    /// <summary>For another audience.</summary>
    Audience,

    /// <summary>Not valid yet.</summary>
    Early,

    /// <summary>Expired.</summary>
    Expired,

    /// <summary>Made to live longer than the verifier allows.</summary>
    TooOld,

    /// <summary>Revoked: the session ended, or everything up to its number did.</summary>
    Revoked,

    /// <summary>The subject's claims changed since the token was made: refresh it.</summary>
    ClaimsStale,

    /// <summary>The token is bound to a key and the request did not prove that key.</summary>
    ProofRequired,
}

/// <summary>What a client is told about an <see cref="AccessTokenFailure"/>. Says what to do, and nothing about the token's contents.</summary>
public static class AccessTokenFailures
{
    /// <summary>The stable code of DESIGN §7, for example <c>token_expired</c>.</summary>
    public static string Code(this AccessTokenFailure failure) => Describe(failure).Code;

    /// <summary>One line that is the same for every occurrence (RFC 9457 §3.1.3).</summary>
    public static string Title(this AccessTokenFailure failure) => Describe(failure).Title;

    /// <summary>What to do about it.</summary>
    public static string Detail(this AccessTokenFailure failure) => Describe(failure).Detail;

    private static (string Code, string Title, string Detail) Describe(AccessTokenFailure failure) => failure switch
    {
        AccessTokenFailure.Malformed => ("token_malformed", "The access token is malformed.",
            "Send the token exactly as it was issued: three base64url parts with dots between, nothing added or cut off."),
        AccessTokenFailure.Type => ("token_type", "This is not an access token.",
            "Send an access token (typ at+jwt), not an ID token, a refresh token or another kind of JWT."),
        AccessTokenFailure.Algorithm => ("token_algorithm", "The access token's algorithm is not accepted.",
            "Have the token issued with an algorithm that this service accepts."),
        AccessTokenFailure.Key => ("token_key", "The access token's key is not known.",
            "Refresh the token; if that does not help, the service has not seen the issuer's current keys yet, so try again shortly."),
        AccessTokenFailure.Signature => ("token_signature", "The access token's signature is wrong.",
            "The token was altered or was not made by the issuer; refresh it."),
        AccessTokenFailure.Claims => ("token_claims", "The access token's claims are incomplete or malformed.",
            "Have the issuer include every required claim with the right type, each of them once."),
        AccessTokenFailure.Issuer => ("token_issuer", "The access token is from another issuer.",
            "Log in at the issuer that this service trusts."),
        AccessTokenFailure.Audience => ("token_audience", "The access token is for another audience.",
            "Ask the issuer for a token whose audience includes this service."),
        AccessTokenFailure.Early => ("token_early", "The access token is not valid yet.",
            "Try again shortly; if it persists, the clocks of issuer and service disagree."),
        AccessTokenFailure.Expired => ("token_expired", "The access token has expired.",
            "Refresh the token and send the request again."),
        AccessTokenFailure.TooOld => ("token_too_old", "The access token was made to live longer than this service allows.",
            "Refresh the token; if it persists, the issuer's lifetime is longer than this service's limit."),
        AccessTokenFailure.Revoked => ("token_revoked", "The access token was revoked.",
            "Refresh the token; if its session has ended, log in again."),
        AccessTokenFailure.ClaimsStale => ("claims_stale", "The account's claims changed since the access token was issued.",
            "Refresh the token and send the request again."),
        AccessTokenFailure.ProofRequired => ("proof_required", "The access token is bound to a key that the request did not prove.",
            "Send the proof of possession together with the token."),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "Not an access token failure."),
    };
}
