using System.Text;
using System.Text.Json;
using Symbolon.Jose;
using static Symbolon.Access.AccessTokenSamples;

namespace Symbolon.Access;

public sealed class AccessTokenClaimsTests
{
    [Fact]
    public void ToUtf8Json_WritesTheClaimsOfDesign()
    {
        Assert.Equal(
            """{"iss":"https://id.example","sub":"0195","aud":"api","exp":1772367000,"iat":1772366400,"jti":"0d5f","client_id":"web"}""",
            Encoding.UTF8.GetString(Claims.ToUtf8Json()));
        const string Full = """
            {"iss":"https://id.example","sub":"0195","aud":["api","billing"],"exp":1772367000,"iat":1772366400,"jti":"0d5f","client_id":"web",
            "nbf":1772366400,"sid":"01957a00-0000-7000-8000-000000000001","auth_time":1772362800,"acr":"1","amr":["pwd","otp"],
            "roles":["admin","naïve \"quoted\" \uD83D\uDDDD"],"scope":"read write","er":1,"ep":2,"cv":3,
            "cnf":{"jkt":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"},"gen":4,"br":"AAECAwQFBgc",
            "tenant":{"id":7,"tags":["a",null,true,1.5]}}
            """;
        Assert.Equal(Full.ReplaceLineEndings(""), Encoding.UTF8.GetString(FullClaims.ToUtf8Json()));
    }

    [Fact]
    public void ToUtf8Json_WritesWholeSeconds() =>
        Assert.Equal(Claims.ToUtf8Json(), (Claims with { IssuedAt = T0.AddMilliseconds(999), ExpiresAt = Claims.ExpiresAt.AddMilliseconds(1) }).ToUtf8Json());

    [Fact]
    public void Authenticate_ReadsEveryClaimBack()
    {
        var read = Authenticate(TestKeys.Forge(Key, Encoding.UTF8.GetBytes(Header), FullClaims.ToUtf8Json())).Claims!;
        Assert.Equivalent(FullClaims with { Extra = read.Extra }, read, strict: true);
        var (name, value) = Assert.Single(read.Extra);
        Assert.Equal(("tenant", """{"id":7,"tags":["a",null,true,1.5]}"""), (name, value.GetRawText()));
    }

    public static TheoryData<string, string?, bool> Values
    {
        get
        {
            var table = new TheoryData<string, string?, bool>();
            void Is(bool accepted, string[] names, params string?[] values)
            {
                foreach (var name in names)
                {
                    foreach (var value in values)
                        table.Add(name, value, accepted);
                }
            }

            string?[] never = ["null", "true", "{}", "[1]", "[null]", "[[\"a\"]]"];
            Is(false, ["iss", "sub", "aud", "exp", "iat", "jti", "client_id"], [null, .. never]);
            Is(false, ["nbf", "sid", "auth_time", "acr", "amr", "roles", "scope", "er", "ep", "cv", "cnf", "gen", "br"], never);
            Is(false, ["iss", "sub", "jti", "client_id"], "\"\"", "1", "[\"https://id.example\"]");
            Is(false, ["sid", "acr", "scope", "br"], "1", "[\"a\"]", "[]");
            Is(false, ["amr", "roles"], "\"admin\"", "1");
            Is(true, ["amr", "roles"], "[]", "[\"a\",\"b\"]");
            Is(false, ["aud"], "\"\"", "[]", "[\"\"]", "[\"api\",\"\"]", "[\"api\",1]", "1");
            Is(false, ["exp", "iat", "nbf", "auth_time"], "\"1772367000\"", "[]", "1e999", "-1e999", "253402300800", "-62135596801", "1e400000000000", "99999999999999999999999999999999999999");
            Is(true, ["exp"], "1772367000.5", "1.772367e9", "1772367000.0000000000000000000000000000001", "253402300799", "1.7723670001E+9");
            Is(true, ["iat", "nbf", "auth_time"], "0", "-1", "-0", "1e-999", "-62135596800", "1772366400.25");
            Is(false, ["er", "ep", "cv", "gen"], "-1", "1.5", "1.0", "1e0", "2147483648", "\"1\"", "[]");
            Is(true, ["er", "ep", "cv", "gen"], "0", "2147483647");
            Is(false, ["cnf"], "\"x\"", "{\"jkt\":1}", "{\"jkt\":\"\"}", "{\"jkt\":\"short\"}", "{\"x5t#S256\":\"AA\"}", $"{{\"jkt\":\"{Thumbprint}\",\"kid\":\"a\"}}", $"{{\"jkt\":\"{Thumbprint}=\"}}");
            Is(true, ["cnf"], $"{{\"jkt\":\"{Thumbprint}\"}}");
            Is(true, ["anything"], "null", "1e999", "\"\\u00e9\"", "[[[]]]");
            Is(false, ["anything"], "\"\\ud800\"", "{\"a\":1,\"a\":1}", "{\"\\udfff\":1}", "01", "NaN", "'a'", new string('[', 32) + new string(']', 32));
            Is(true, ["anything"], new string('[', 31) + new string(']', 31));
            return table;
        }
    }

    [Theory, MemberData(nameof(Values))]
    public void Authenticate_AnswersTokenClaims_WhenAClaimIsNotOfItsType(string name, string? value, bool accepted)
    {
        AccessTokenFailure? expected = accepted ? null : AccessTokenFailure.Claims;
        Assert.Equal(expected, Authenticate(With(name, value)).Failure);
    }

    [Theory, InlineData("exp"), InlineData("sub"), InlineData("tenant"), InlineData("\\u0073ub")]
    public void Authenticate_RefusesDuplicateClaims(string name)
    {
        var claims = ClaimsWith("tenant", "1");
        Assert.Equal(AccessTokenFailure.Claims, Authenticate(TestKeys.Forge(Key, Header, claims[..^1] + $",\"{name}\":1}}")).Failure);
    }

    [Fact]
    public void Authenticate_RefusesInvalidUtf8()
    {
        var claims = ClaimsWith("x", "\"?\"");
        var bytes = Encoding.UTF8.GetBytes(claims);
        bytes[Array.LastIndexOf(bytes, (byte)'?')] = 0xff;
        Assert.Equal(AccessTokenFailure.Claims, Authenticate(TestKeys.Forge(Key, Encoding.UTF8.GetBytes(Header), bytes)).Failure);
    }

    [Fact]
    public void Authenticate_KeepsFractionsOfSeconds() =>
        Assert.Equal(T0.AddMilliseconds(250), Authenticate(With("nbf", $"{Seconds(T0)}.25")).Claims!.NotBefore);

    [Theory]
    [InlineData("read", true)]
    [InlineData("write", true)]
    [InlineData("rea", false)]
    [InlineData("read write", false)]
    [InlineData("Read", false)]
    public void HasScope_ComparesWholeNames(string scope, bool expected)
    {
        Assert.Equal(expected, FullClaims.HasScope(scope));
        Assert.False(Claims.HasScope(scope));
    }

    [Theory, InlineData("admin", true), InlineData("Admin", false), InlineData("adm", false)]
    public void HasRole_ComparesWholeNames(string role, bool expected)
    {
        Assert.Equal(expected, FullClaims.HasRole(role));
        Assert.False(Claims.HasRole(role));
    }
}
