using System.Security.Cryptography;
using System.Text.Json;

namespace Symbolon.Jose;

public sealed class JwkTests
{
    // The key of RFC 7515 A.3.
    private const string X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

    [Fact]
    public void Thumbprint_IsThatOfRfc7638()
    {
        var vector = JsonElement.Parse(File.ReadAllText(RepositoryFiles.At("tests/vectors/jwk/rfc7638-3.1-thumbprint.json")));
        var jwk = Read(vector.GetProperty("key").GetRawText());
        Assert.Equal(vector.GetProperty("thumbprint").GetString(), jwk.Thumbprint());
    }

    [Fact]
    public void Thumbprint_DependsOnRequiredMembersOnly()
    {
        var jwk = Read(Ec());
        Assert.Equal(jwk.Thumbprint(), (jwk with { Kid = "other", Alg = null, Use = null }).Thumbprint());
        Assert.Equal("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", jwk.Thumbprint()); // as the npm package jose computes it
    }

    [Theory]
    [InlineData("P-256", null, JwsAlgorithm.ES256)]
    [InlineData("P-256", "ES256", JwsAlgorithm.ES256)]
    public void Parse_KnowsTheOneAlgorithm_WhenItIsStatedOrImplied(string crv, string? alg, JwsAlgorithm expected) =>
        Assert.Equal(expected, Read(Ec(crv: crv, alg: alg)).Algorithm);

    [Fact]
    public void Parse_TakesRs256_WhenAnRsaKeyStatesNone()
    {
        var jwk = TestKeys.For(JwsAlgorithm.RS256).PublicJwk!;
        Assert.Equal(JwsAlgorithm.RS256, Read($$"""{"kty":"RSA","n":"{{jwk.N}}","e":"AQAB"}""").Algorithm);
        Assert.Equal(JwsAlgorithm.PS256, Read($$"""{"kty":"RSA","alg":"PS256","n":"{{jwk.N}}","e":"AQAB"}""").Algorithm);
    }

    [Fact]
    public void Parse_RefusesAKeyThatStatesNone_UnlessItIsToBeDerived()
    {
        Assert.Contains("'alg'", Assert.Throws<FormatException>(() => Jwk.Parse(Ec(), derivesAlgorithms: false)).Message, StringComparison.Ordinal);
        Assert.Equal(JwsAlgorithm.ES256, Jwk.Parse(Ec(alg: "ES256"), derivesAlgorithms: false).Algorithm);
        Assert.Null((Read(Ec()) with { Alg = null }).Algorithm); // nothing else derives one
        Assert.Throws<ArgumentException>(() => VerificationKey.FromJwk(Read(Ec()) with { Alg = null, Kid = "k" }));
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "not JSON", "nonsense" },
        { "array", "[]" },
        { "duplicate member", $$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","kid":"a","kid":"b"}""" },
        { "duplicate member, escaped", $$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","kid":"a","\u006bid":"b"}""" },
        { "no kty", "{}" },
        { "kty not a string", """{"kty":1}""" },
        { "unknown kty", """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""" },
        { "secret", """{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T"}""" },
        { "unknown curve", Ec(crv: "secp256k1") },
        { "no curve", $$"""{"kty":"EC","x":"{{X}}","y":"{{Y}}"}""" },
        { "curve and alg disagree", Ec(alg: "ES384") },
        { "EC key with an RSA algorithm", Ec(alg: "RS256") },
        { "EC key with HS256", Ec(alg: "HS256") },
        { "unknown alg", Ec(alg: "ES512") },
        { "alg none", Ec(alg: "none") },
        { "alg of another case", Ec(alg: "es256") },
        { "for encryption", Ec(more: ",\"use\":\"enc\"") },
        { "for signing only", Ec(more: ",\"key_ops\":[\"sign\"]") },
        { "point not on the curve", Ec(y: X) },
        { "zero point", Ec(x: new string('A', 43), y: new string('A', 43)) },
        { "coordinate too short", Ec(x: X[..40]) },
        { "coordinate with padding", Ec(x: X + "=") },
        { "coordinate with stray bits", Ec(x: X[..^1] + "V") },
        { "coordinate of the standard alphabet", Ec(y: Y.Replace('_', '/')) },
        { "coordinate missing", $$"""{"kty":"EC","crv":"P-256","x":"{{X}}"}""" },
        { "coordinate not a string", $$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":1}""" },
        { "empty kid", Ec(more: ",\"kid\":\"\"") },
        { "kid not a string", Ec(more: ",\"kid\":7") },
        { "lone surrogate", Ec(more: ",\"kid\":\"\\ud800\"") },
    };

    [Theory, MemberData(nameof(Refused))]
    public void Parse_Refuses(string what, string json)
    {
        var error = Assert.Throws<FormatException>(() => Read(json));
        Assert.False(string.IsNullOrWhiteSpace(error.Message), what);
        Assert.DoesNotContain(X, error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("d"), InlineData("p"), InlineData("q"), InlineData("dp"), InlineData("dq"), InlineData("qi"), InlineData("k"), InlineData("oth")]
    public void Parse_RefusesPrivateMembers_EvenOfKeysItWouldIgnore(string member)
    {
        var error = Assert.Throws<FormatException>(() => Read(Ec(more: $",\"{member}\":null")));
        Assert.Contains($"'{member}'", error.Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => JwkSet.Parse($$"""{"keys":[{"kty":"OKP","{{member}}":"AA"}]}""", derivesAlgorithms: false));
    }

    [Theory, InlineData(1024), InlineData(2040)]
    public void Parse_RefusesWeakRsa(int bits)
    {
        using var rsa = RSA.Create(bits);
        var n = TestKeys.Encode(rsa.ExportParameters(includePrivateParameters: false).Modulus);
        var error = Assert.Throws<FormatException>(() => Read($$"""{"kty":"RSA","n":"{{n}}","e":"AQAB"}"""));
        Assert.Contains($"{bits} bits", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AQ", "exponent 1")]
    [InlineData("AQAA", "even exponent")]
    [InlineData("AAEAAQ", "leading zero")]
    [InlineData("", "empty")]
    [InlineData("AQAAAAAAAAAB", "too long")]
    public void Parse_RefusesOddRsaExponents(string e, string what)
    {
        var n = TestKeys.For(JwsAlgorithm.RS256).PublicJwk!.N;
        Assert.NotEmpty(Assert.Throws<FormatException>(() => Read($$"""{"kty":"RSA","n":"{{n}}","e":"{{e}}"}""")).Message + what);
    }

    [Fact]
    public void Parse_RefusesAnEvenModulus()
    {
        var n = TestKeys.Encode([0x80, .. new byte[255]]);
        Assert.Throws<FormatException>(() => Read($$"""{"kty":"RSA","n":"{{n}}","e":"AQAB"}"""));
    }

    private static Jwk Read(string json) => Jwk.Parse(json, derivesAlgorithms: true);

    private static string Ec(string crv = "P-256", string x = X, string y = Y, string? alg = null, string more = "") =>
        $$"""{"kty":"EC","crv":"{{crv}}","x":"{{x}}","y":"{{y}}"{{(alg is null ? "" : $",\"alg\":\"{alg}\"")}}{{more}}}""";
}
