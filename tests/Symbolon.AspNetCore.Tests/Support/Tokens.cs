using System.Security.Cryptography;
using Symbolon.Access;
using Symbolon.Jose;

namespace Symbolon.AspNetCore.Tests.Support;

/// <summary>A signing key of a test, and tokens of it.</summary>
internal sealed class Tokens
{
    public const string Issuer = "https://auth.example", Audience = "api";
    private static int numbers;
    private readonly SigningKey key;

    public Tokens(string kid = "k1")
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        key = SigningKey.FromPkcs8(kid, JwsAlgorithm.ES256, pair.ExportPkcs8PrivateKey());
    }

    public string Kid => key.Kid;

    public string Jwks => JwksOf(this);

    public static string JwksOf(params Tokens[] keys) => new JwkSet([.. keys.Select(one => one.key.PublicJwk!)]).Write();

    public string Make(DateTimeOffset now, string session = "s1", string subject = "u1", string issuer = Issuer, int claimsVersion = 1, TimeSpan? life = null) =>
        ((AccessTokenIssuing.Issued)AccessTokenIssuance.Issue(key, new AccessTokenClaims
        {
            Issuer = issuer,
            Subject = subject,
            Audience = [Audience],
            IssuedAt = now,
            ExpiresAt = now + (life ?? TimeSpan.FromMinutes(10)),
            Id = $"j{Interlocked.Increment(ref numbers)}",
            ClientId = "web",
            SessionId = session,
            Epoch = 1,
            Era = 1,
            ClaimsVersion = claimsVersion,
        })).Token;
}
