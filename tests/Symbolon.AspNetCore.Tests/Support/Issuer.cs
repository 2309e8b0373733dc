using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Symbolon.Access;
using Symbolon.Jose;
using Symbolon.Keys;
using Symbolon.Sessions;

namespace Symbolon.AspNetCore.Tests.Support;

/// <summary>Issues access tokens as the authority does, with a key of its own.</summary>
internal sealed class Issuer : VerificationKeySource, IDisposable
{
    public const string Name = "https://auth.example";
    public const string Audience = "api";
    private readonly SigningKey key;
    private readonly byte[] pkcs8;
    private readonly TimeProvider time;

    public Issuer(TimeProvider time)
    {
        this.time = time;
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        pkcs8 = ecdsa.ExportPkcs8PrivateKey();
        key = SigningKey.FromPkcs8("test-1", JwsAlgorithm.ES256, pkcs8);
        Current = new VerificationKeys([key.VerificationKey]);
    }

    public override VerificationKeys? Current { get; }

    /// <summary>A new token; what a test does not say is usual.</summary>
    public string Token(Func<AccessTokenClaims, AccessTokenClaims>? change = null)
    {
        var now = time.GetUtcNow();
        var claims = new AccessTokenClaims
        {
            Issuer = Name,
            Subject = Guid.NewGuid().ToString("N"),
            Audience = [Audience],
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(10),
            Id = Guid.NewGuid().ToString("N"),
            ClientId = "web",
            SessionId = new SessionId(Guid.NewGuid()).ToString(),
        };
        return ((AccessTokenIssuing.Issued)AccessTokenIssuance.Issue(key, change?.Invoke(claims) ?? claims)).Token;
    }

    /// <summary>The public key, as the authority publishes it.</summary>
    public string Jwks => new JwkSet([key.PublicJwk!]).Write();

    /// <summary>A token that is signed by the same key, but is of another kind.</summary>
    public string TokenOfType(string type)
    {
        var claims = Token().Split('.')[1];
        var head = $"{{\"alg\":\"ES256\",\"kid\":\"test-1\",\"typ\":\"{type}\"}}";
        var signed = $"{Base64Url.EncodeToString(System.Text.Encoding.ASCII.GetBytes(head))}.{claims}";
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return $"{signed}.{Base64Url.EncodeToString(ecdsa.SignData(System.Text.Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public static Dictionary<string, JsonElement> Extra(string name, object value) => new() { [name] = JsonSerializer.SerializeToElement(value) };

    public void Dispose() => key.Dispose();
}
