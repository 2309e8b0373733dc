using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Symbolon.Access;
using Symbolon.Jose;
using Symbolon.Keys;

namespace Symbolon.Bench.Tokens;

/// <summary>For one algorithm: the same token made and checked by the framework's cryptography alone, by Symbolon, and by JsonWebTokenHandler.</summary>
internal sealed class TokenPeers
{
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    private TokenPeers(JwsAlgorithm algorithm, IReadOnlyList<Contender> sign, IReadOnlyList<Contender> verify) => (Algorithm, Sign, Verify) = (algorithm, sign, verify);

    public JwsAlgorithm Algorithm { get; }

    /// <summary>Alone, ours, theirs.</summary>
    public IReadOnlyList<Contender> Sign { get; }

    /// <summary>Alone, ours, theirs.</summary>
    public IReadOnlyList<Contender> Verify { get; }

    public static TokenPeers Make(JwsAlgorithm algorithm)
    {
        var keys = KeyPair.Make(algorithm);
        var claims = Claims();
        var token = ((AccessTokenIssuing.Issued)AccessTokenIssuance.Issue(keys.Ours, claims)).Token;
        var dot = token.LastIndexOf('.');
        var (data, signature) = (Encoding.ASCII.GetBytes(token[..dot]), Base64Url.DecodeFromChars(token.AsSpan(dot + 1)));

        var known = new VerificationKeys([keys.Ours.VerificationKey]);
        var policy = new AccessTokenPolicy { Issuer = claims.Issuer, Audiences = claims.Audience, Algorithms = [algorithm] };
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var parameters = new TokenValidationParameters
        {
            ValidIssuer = claims.Issuer, ValidAudience = claims.Audience[0], ValidTypes = ["at+jwt"], ValidAlgorithms = [algorithm.Name()], IssuerSigningKey = keys.Theirs,
        };
        var descriptor = new SecurityTokenDescriptor
        {
            TokenType = "at+jwt", Claims = ClaimsOf(claims), SigningCredentials = new SigningCredentials(keys.Theirs, algorithm.Name()),
        };
        var buffer = new byte[keys.Ours.SignatureLength];
        return new TokenPeers(
            algorithm,
            [
                new("alone", () => keys.SignAlone(data, buffer)),
                new("Symbolon", () => AccessTokenIssuance.Issue(keys.Ours, claims)),
                new("JsonWebTokenHandler", () => handler.CreateToken(descriptor)),
            ],
            [
                new("alone", () => Require(keys.VerifyAlone(data, signature))),
                new("Symbolon", () => Require(AccessTokenVerification.Verify(token, known, policy, Revocation.Denylist.Empty, Now).IsAccepted)),
                new("JsonWebTokenHandler", () => Require(handler.ValidateTokenAsync(token, parameters).GetAwaiter().GetResult().IsValid)),
            ]);
    }

    public static void Require(bool accepted)
    {
        if (!accepted) throw new InvalidOperationException("A good token was refused.");
    }

    /// <summary>What one of our own tokens says; ids new at each call.</summary>
    public static AccessTokenClaims Claims() => new()
    {
        Issuer = "https://auth.example.com",
        Subject = Guid.CreateVersion7().ToString(),
        Audience = ["api"],
        IssuedAt = Now,
        ExpiresAt = Now.AddMinutes(10),
        Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
        ClientId = "web",
        SessionId = Guid.CreateVersion7().ToString(),
        AuthTime = Now,
        Amr = ["pwd"],
        Roles = ["user"],
        Era = 0,
        Epoch = 0,
        ClaimsVersion = 0,
    };

    private static Dictionary<string, object> ClaimsOf(AccessTokenClaims claims) => new(StringComparer.Ordinal)
    {
        ["iss"] = claims.Issuer,
        ["sub"] = claims.Subject,
        ["aud"] = claims.Audience[0],
        ["exp"] = claims.ExpiresAt.ToUnixTimeSeconds(),
        ["iat"] = claims.IssuedAt.ToUnixTimeSeconds(),
        ["jti"] = claims.Id,
        ["client_id"] = claims.ClientId,
        ["sid"] = claims.SessionId!,
        ["auth_time"] = claims.AuthTime!.Value.ToUnixTimeSeconds(),
        ["amr"] = claims.Amr,
        ["roles"] = claims.Roles,
        ["er"] = 0,
        ["ep"] = 0,
        ["cv"] = 0,
    };
}
