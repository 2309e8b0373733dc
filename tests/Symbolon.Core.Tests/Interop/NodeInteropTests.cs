using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Symbolon.Access;
using Symbolon.Jose;
using static Symbolon.Access.AccessTokenSamples;

namespace Symbolon.Interop;

/// <summary>Two well-known libraries verify our tokens, and we verify theirs.</summary>
public sealed class NodeInteropTests
{
    private static readonly string[] Libraries = ["jose", "jsonwebtoken"];
    private static readonly JwsAlgorithm[] Algorithms = Enum.GetValues<JwsAlgorithm>();

    [Fact]
    public void Verify_AcceptsTheirTokens()
    {
        var peers = Libraries.SelectMany(_ => Algorithms, (library, algorithm) => (Library: library, Key: PeerKey.Make(algorithm))).ToArray();
        try
        {
            var results = NodePeer.Run(peers.Select(p => new JsonObject
            {
                ["do"] = "sign",
                ["library"] = p.Library,
                ["alg"] = p.Key.Signing.Algorithm.Name(),
                ["kid"] = p.Key.Signing.Kid,
                ["key"] = p.Key.PrivateJwk.DeepClone(),
                ["claims"] = JsonNode.Parse(FullClaims.ToUtf8Json()),
            }));
            foreach (var ((library, key), result) in peers.Zip(results))
            {
                var what = $"{library} {key.Signing.Algorithm}: {result}";
                Assert.True(result.TryGetProperty("token", out var token), what);
                var keys = new Keys.VerificationKeys([key.Signing.VerificationKey]);
                var verified = AccessTokenVerification.Verify(token.GetString()!, keys, AnyAlgorithm, Revocation.Denylist.Empty, T0, Thumbprint);
                Assert.True(verified.IsAccepted, $"{what} → {verified.Failure}");
                Assert.Equivalent(FullClaims with { Extra = verified.Claims.Extra }, verified.Claims, strict: true);
            }
        }
        finally
        {
            Array.ForEach(peers, p => p.Key.Signing.Dispose());
        }
    }

    [Fact]
    public void They_AcceptOurTokens_AndRefuseThemAltered()
    {
        var jobs = Libraries.SelectMany(_ => Algorithms, (library, algorithm) => (library, algorithm)).SelectMany(p => Jobs(p.library, p.algorithm)).ToArray();
        var results = NodePeer.Run(jobs);
        for (var i = 0; i < jobs.Length; i += 2)
        {
            var what = $"{jobs[i]["library"]} {jobs[i]["alg"]}: {results[i]}";
            Assert.True(results[i].TryGetProperty("claims", out var claims), what);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(FullClaims.ToUtf8Json()), JsonNode.Parse(claims.GetRawText())), what);
            Assert.Equal(3, results[i].GetProperty("header").EnumerateObject().Count());
            Assert.Contains("signature", results[i + 1].GetProperty("error").GetString(), StringComparison.Ordinal);
        }
    }

    private static IEnumerable<JsonObject> Jobs(string library, JwsAlgorithm algorithm)
    {
        var key = PeerKey.Make(algorithm);
        using var signing = key.Signing;
        var token = Jws.Sign(signing, FullClaims.ToUtf8Json());
        var middle = token.Length - 20;
        var altered = token[..middle] + (token[middle] == 'A' ? 'B' : 'A') + token[(middle + 1)..];
        foreach (var text in (string[])[token, altered])
        {
            yield return new JsonObject
            {
                ["do"] = "verify",
                ["library"] = library,
                ["alg"] = algorithm.Name(),
                ["key"] = signing.PublicJwk is { } jwk ? JsonNode.Parse(new JwkSet([jwk]).Write())!["keys"]![0]!.DeepClone() : key.PrivateJwk.DeepClone(),
                ["token"] = text,
                ["now"] = T0.ToUnixTimeSeconds(),
                ["issuer"] = Policy.Issuer,
                ["audience"] = "api",
            };
        }
    }

    /// <summary>A key of ours that can also be handed to Node, as a JWK with its private members.</summary>
    private sealed record PeerKey(SigningKey Signing, JsonObject PrivateJwk)
    {
        public static PeerKey Make(JwsAlgorithm algorithm)
        {
            if (algorithm is JwsAlgorithm.HS256)
            {
                var secret = RandomNumberGenerator.GetBytes(32);
                return new(SigningKey.FromSecret("peer", secret), new JsonObject { ["kty"] = "oct", ["k"] = Text(secret) });
            }

            if (algorithm is JwsAlgorithm.RS256 or JwsAlgorithm.PS256)
            {
                using var rsa = RSA.Create(2048);
                var p = rsa.ExportParameters(includePrivateParameters: true);
                return new(SigningKey.FromPkcs8("peer", algorithm, rsa.ExportPkcs8PrivateKey()), new JsonObject
                {
                    ["kty"] = "RSA", ["n"] = Text(p.Modulus), ["e"] = Text(p.Exponent), ["d"] = Text(p.D), ["p"] = Text(p.P),
                    ["q"] = Text(p.Q), ["dp"] = Text(p.DP), ["dq"] = Text(p.DQ), ["qi"] = Text(p.InverseQ),
                });
            }

            var (curve, name) = algorithm is JwsAlgorithm.ES256 ? (ECCurve.NamedCurves.nistP256, "P-256") : (ECCurve.NamedCurves.nistP384, "P-384");
            using var ecdsa = ECDsa.Create(curve);
            var key = ecdsa.ExportParameters(includePrivateParameters: true);
            return new(SigningKey.FromPkcs8("peer", algorithm, ecdsa.ExportPkcs8PrivateKey()), new JsonObject
            {
                ["kty"] = "EC", ["crv"] = name, ["x"] = Text(key.Q.X), ["y"] = Text(key.Q.Y), ["d"] = Text(key.D),
            });
        }

        private static string Text(byte[]? bytes) => Base64Url.EncodeToString(bytes);
    }
}
