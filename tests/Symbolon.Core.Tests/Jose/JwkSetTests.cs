using Symbolon.Access;
using Symbolon.Keys;

namespace Symbolon.Jose;

public sealed class JwkSetTests
{
    private static readonly Jwk Ec = TestKeys.For(JwsAlgorithm.ES256).PublicJwk!;
    private static readonly Jwk Rsa = TestKeys.For(JwsAlgorithm.RS256).PublicJwk!;

    [Fact]
    public void Parse_ReadsWhatWriteWrote()
    {
        var written = new JwkSet([Ec, Rsa]).Write();
        Assert.Equal([Ec, Rsa], JwkSet.Parse(written, derivesAlgorithms: false).Keys);
        Assert.StartsWith("""{"keys":[{"kty":"EC","use":"sig","alg":"ES256","kid":"es256","crv":"P-256","x":""", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")]
    [InlineData("""{"kty":"EC","crv":"P-521","x":"AA","y":"AA"}""")]
    [InlineData("""{"kty":"RSA","use":"enc","n":"AQ","e":"AQAB"}""")]
    [InlineData("""{"kty":"RSA","alg":"RSA-OAEP","n":"AQ","e":"AQAB"}""")]
    [InlineData("""{"kty":"RSA","n":"AQ","e":"AQAB"}""")] // too small to be used, but no reason to lose the other keys
    [InlineData("""{"kty":"new","x5c":["a",{"b":[1]}]}""")]
    public void Parse_IgnoresKeys_WhenTheyAreOfAnotherKind(string other)
    {
        var json = $$"""{"more":1,"keys":[{{other}},{{new JwkSet([Ec]).Write()["""{"keys":[""".Length..^2]}}]}""";
        Assert.Equal([Ec], JwkSet.Parse(json, derivesAlgorithms: true).Keys);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[1]}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","alg":"ES384"}]}""")]
    public void Parse_RefusesTheSet(string json) => Assert.Throws<FormatException>(() => JwkSet.Parse(json, derivesAlgorithms: true));

    [Fact]
    public void Parse_SaysWhichKeyIsBroken()
    {
        var error = Assert.Throws<FormatException>(() => JwkSet.Parse("""{"keys":[{"kty":"OKP"},{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}""", derivesAlgorithms: true));
        Assert.StartsWith("keys[1]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_RefusesTwoKeysWithOneId()
    {
        var entry = new JwkSet([Ec]).Write()["""{"keys":[""".Length..^2];
        Assert.Throws<FormatException>(() => JwkSet.Parse($$"""{"keys":[{{entry}},{{entry}}]}""", derivesAlgorithms: true));
        Assert.Throws<InvalidOperationException>(() => new JwkSet([Ec, Rsa with { Kid = Ec.Kid }]).Write());
    }

    [Fact]
    public void Parse_RefusesASet_WhenItIsTooLarge() =>
        Assert.Throws<FormatException>(() => JwkSet.Parse("{\"keys\":[]" + new string(' ', JwkSet.MaxLength) + "}", derivesAlgorithms: true));

    [Fact]
    public void FromJwks_FindsKeysById_AndLeavesOutThoseWithout()
    {
        var keys = VerificationKeys.FromJwks(new JwkSet([Ec, Rsa with { Kid = null }]).Write(), derivesAlgorithms: false);
        Assert.Equal(1, keys.Count);
        Assert.Equal(JwsAlgorithm.ES256, keys.Find("es256")!.Algorithm);
        Assert.Null(keys.Find("ES256"));
        Assert.Null(keys.Find("rs256"));
        Assert.Null(VerificationKeys.None.Find("es256"));
    }

    [Theory]
    [InlineData(JwsAlgorithm.ES256, null)]
    [InlineData(JwsAlgorithm.ES384, null)]
    [InlineData(JwsAlgorithm.RS256, null)]
    [InlineData(JwsAlgorithm.PS256, AccessTokenFailure.Key)] // RSA without alg means RS256 and nothing else
    public void FromJwks_DerivesTheAlgorithm_WhenTheKeyStatesNone(JwsAlgorithm signs, AccessTokenFailure? expected)
    {
        var bare = TestKeys.For(signs).PublicJwk! with { Alg = null, Use = null };
        var keys = VerificationKeys.FromJwks(new JwkSet([bare]).Write(), derivesAlgorithms: true);
        var token = Jws.Sign(TestKeys.For(signs), AccessTokenSamples.Claims.ToUtf8Json());
        Assert.Equal(expected, AccessTokenVerification.Authenticate(token, keys, AccessTokenSamples.Policy).Failure);
        Assert.Equal(0, VerificationKeys.FromJwks(new JwkSet([bare]).Write(), derivesAlgorithms: false).Count);
    }

    [Fact]
    public void VerificationKeys_RefusesTwoKeysWithOneId()
    {
        var key = VerificationKey.FromJwk(Ec);
        Assert.Throws<ArgumentException>(() => new VerificationKeys([key, VerificationKey.FromSecret("es256", new byte[32])]));
    }
}
