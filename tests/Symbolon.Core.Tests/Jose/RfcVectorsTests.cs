using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Symbolon.Jose;

/// <summary>RFC 7515 A.1 to A.4 and RFC 7520 §4.1 to §4.4, as printed there.</summary>
public sealed class RfcVectorsTests
{
    public static TheoryData<string> All => [.. Directory.GetFiles(RepositoryFiles.At("tests/vectors/jws")).Select(f => Path.GetFileName(f)).Order()];

    [Fact]
    public void All_AreThere() => Assert.Equal(8, All.Count);

    [Theory, MemberData(nameof(All))]
    public void Verify_AcceptsTheSignature_WhenTheAlgorithmIsOurs(string file)
    {
        var vector = Read(file);
        var isOurs = JwsAlgorithms.TryParse(vector.GetProperty("alg").GetString(), out _);
        Assert.Equal(vector.GetProperty("supported").GetBoolean(), isOurs);
        if (!isOurs)
            return;

        var token = Encoding.ASCII.GetBytes(vector.GetProperty("token").GetString()!);
        Assert.True(Jws.TrySplit(token, out var parts));
        var key = Key(vector);
        var signature = Base64Url.DecodeFromUtf8(token.AsSpan()[parts.Signature]);
        Assert.True(key.Verify(token.AsSpan()[parts.Signed], signature));

        token[parts.Payload.Start.Value] ^= 1;
        Assert.False(key.Verify(token.AsSpan()[parts.Signed], signature));
    }

    [Theory, MemberData(nameof(All))]
    public void FromJwk_RefusesTheKey_WhenTheAlgorithmIsNotOurs(string file)
    {
        var vector = Read(file);
        if (vector.GetProperty("supported").GetBoolean())
            return;

        // With the algorithm stated, the key is one we do not have: refused alone, ignored in a set.
        var jwk = vector.GetProperty("key").GetRawText().TrimEnd('}', '\n', ' ') + $", \"alg\": \"{vector.GetProperty("alg").GetString()}\" }}";
        Assert.Throws<FormatException>(() => Jwk.Parse(jwk, derivesAlgorithms: true));
        Assert.Empty(JwkSet.Parse($$"""{"keys": [{{jwk}}]}""", derivesAlgorithms: true).Keys);
    }

    [Fact]
    public void Sign_GivesTheRfcsOwnSignature_WhenTheAlgorithmIsDeterministic()
    {
        var vector = Read("rfc7520-4.1-rs256.json");
        var jwk = vector.GetProperty("private_key");
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Bytes(jwk, "n"),
            Exponent = Bytes(jwk, "e"),
            D = Bytes(jwk, "d"),
            P = Bytes(jwk, "p"),
            Q = Bytes(jwk, "q"),
            DP = Bytes(jwk, "dp"),
            DQ = Bytes(jwk, "dq"),
            InverseQ = Bytes(jwk, "qi"),
        });
        using var key = SigningKey.FromPkcs8("bilbo.baggins@hobbiton.example", JwsAlgorithm.RS256, rsa.ExportPkcs8PrivateKey());
        AssertSigns(vector, key);
    }

    [Theory, InlineData("rfc7515-a1-hs256.json"), InlineData("rfc7520-4.4-hs256.json")]
    public void Sign_GivesTheRfcsOwnSignature_WithASecret(string file)
    {
        var vector = Read(file);
        using var key = SigningKey.FromSecret("secret", Bytes(vector.GetProperty("key"), "k"));
        AssertSigns(vector, key);
    }

    [Fact]
    public void PublicJwk_IsTheRfcsOwn_WhenThePrivateKeyIs()
    {
        var vector = Read("rfc7515-a3-es256.json");
        var jwk = vector.GetProperty("private_key");
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Bytes(jwk, "d"),
            Q = new ECPoint { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") },
        });
        using var key = SigningKey.FromPkcs8("a3", JwsAlgorithm.ES256, ecdsa.ExportPkcs8PrivateKey());
        Assert.Equal((jwk.GetProperty("x").GetString(), jwk.GetProperty("y").GetString()), (key.PublicJwk!.X, key.PublicJwk.Y));
    }

    private static void AssertSigns(JsonElement vector, SigningKey key)
    {
        var token = vector.GetProperty("token").GetString()!;
        var end = token.LastIndexOf('.');
        var signature = new byte[key.SignatureLength];
        key.Sign(Encoding.ASCII.GetBytes(token[..end]), signature);
        Assert.Equal(token[(end + 1)..], Base64Url.EncodeToString(signature));
    }

    private static VerificationKey Key(JsonElement vector)
    {
        var key = vector.GetProperty("key");
        return key.GetProperty("kty").GetString() == "oct"
            ? VerificationKey.FromSecret("vector", Bytes(key, "k"))
            : VerificationKey.FromJwk(Jwk.Parse(key.GetRawText(), derivesAlgorithms: true) with { Kid = "vector", Alg = vector.GetProperty("alg").GetString() });
    }

    private static byte[] Bytes(JsonElement jwk, string name) => Base64Url.DecodeFromChars(jwk.GetProperty(name).GetString());

    private static JsonElement Read(string file) =>
        JsonElement.Parse(File.ReadAllText(RepositoryFiles.At($"tests/vectors/jws/{file}")));
}
