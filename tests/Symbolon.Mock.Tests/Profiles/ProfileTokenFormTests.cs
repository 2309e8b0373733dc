using System.Text.Json.Nodes;
using Symbolon.Mock.Profiles;

namespace Symbolon.Mock.Tests.Profiles;

public class ProfileTokenFormTests
{
    private static readonly ProfileTokenForm Form = new("secret", TimeSpan.FromMinutes(1), (_, _) => []);
    private static readonly ProfileTokenBinding Binding = new("sid", 3, 1000);

    [Fact]
    public void Verify_FindsWhatWasBound() => Assert.Equal(Binding with { ExpiresAt = 1060 }, Form.Verify(Form.Write(new JsonObject { ["a"] = 1 }, Binding)));

    [Fact]
    public void Verify_FindsNoEnd_WhenThereIsNone()
    {
        var endless = Form with { Lifetime = null };
        Assert.Null(endless.Verify(endless.Write([], Binding))!.ExpiresAt);
    }

    [Fact]
    public void Write_LetsNoClaimStandForTheSession()
    {
        var token = Form.Write(new JsonObject { ["sid"] = "another", ["ver"] = 99 }, Binding);
        Assert.Equal("sid", Form.Verify(token)!.SessionId);
    }

    public static TheoryData<string> Bad => ["", "a", "a.b", "a.b.c", "a.b.c.d", "..", ".."+ "é", new string('a', 10_000), Foreign("""{"alg":"none"}""", """{"sid":"s","ver":0,"iat":1}"""),
        Foreign("""{"alg":"HS256"}""", "{}"), Foreign("""{"alg":"HS256"}""", """{"sid":1,"ver":0,"iat":1}"""), Foreign("""{"alg":"HS256"}""", """{"sid":"s","ver":0,"iat":1.5}"""),
        Foreign("""{"alg":"HS256"}""", """{"sid":"s","ver":0,"iat":9223372036854775807}"""), Foreign("""{"alg":"HS256"}""", """{"sid":"s","ver":0,"iat":-1}"""), Foreign("[]", "[]"), Foreign("""{"alg":"HS256"}""", "nonsense"), Form.Write([], Binding) + "x", (Form with { Secret = "other" }).Write([], Binding)];

    [Theory]
    [MemberData(nameof(Bad))]
    public void Verify_IsNull_WhenATokenIsNotOurs(string token) => Assert.Null(Form.Verify(token));

    // Made with the right secret, as anybody can who reads the original's source.
    private static string Foreign(string header, string payload)
    {
        static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(text));

        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.HMACSHA256.HashData("secret"u8, System.Text.Encoding.ASCII.GetBytes(signed)))}";
    }
}
