using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.AspNetCore;
using Symbolon.Jose;
using Symbolon.Keys;

namespace Symbolon.Gateway.Support;

/// <summary>An issuer with one ES256 key, which signs whatever it is told: tokens like ours, or like another issuer's.</summary>
internal sealed class TestIssuer : IDisposable
{
    public const string Name = "https://issuer.example";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Its key set.</summary>
    public string Jwks(bool namesAlgorithm = true)
    {
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = "k1", ["x"] = Base64Url.EncodeToString(q.X), ["y"] = Base64Url.EncodeToString(q.Y) };
        if (namesAlgorithm) jwk["alg"] = "ES256";
        return new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString();
    }

    /// <summary>A token of ten minutes.</summary>
    public string Token(string[]? roles = null, string? scope = null, TimeSpan? age = null, Action<JsonObject>? change = null, string type = "at+jwt")
    {
        var issuedAt = (TimeProvider.System.GetUtcNow() - (age ?? TimeSpan.Zero)).ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Name, ["sub"] = "alice", ["aud"] = "api", ["iat"] = issuedAt, ["exp"] = issuedAt + 600,
            ["jti"] = Guid.NewGuid().ToString("N"), ["client_id"] = "web", ["sid"] = "s-1",
        };
        if (roles is not null) claims["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]);
        if (scope is not null) claims["scope"] = scope;
        change?.Invoke(claims);
        var signed = $"{Encode($$"""{"alg":"ES256","kid":"k1","typ":"{{type}}"}""")}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => key.Dispose();

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

/// <summary>Keys that are there from the start.</summary>
internal sealed class GivenKeys(string jwks) : VerificationKeySource
{
    public override VerificationKeys? Current { get; } = VerificationKeys.FromJwks(jwks, derivesAlgorithms: false);
}
