using Symbolon.Revocation;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Jose;
using Symbolon.Keys;
using static Symbolon.Access.AccessTokenSamples;

namespace Symbolon.Access;

public sealed class AccessTokenVerificationTests
{
    public static TheoryData<JwsAlgorithm> Algorithms => [.. Enum.GetValues<JwsAlgorithm>()];

    [Theory, MemberData(nameof(Algorithms))]
    public void Verify_Accepts_WhatIssueMade(JwsAlgorithm algorithm)
    {
        var issued = Assert.IsType<AccessTokenIssuing.Issued>(AccessTokenIssuance.Issue(TestKeys.For(algorithm), Claims));
        var result = AccessTokenVerification.Verify(issued.Token, TestKeys.All, AnyAlgorithm, Denylist.Empty, T0);
        Assert.True(result.IsAccepted);
        Assert.Null(result.Failure);
        Assert.Equivalent(Claims, result.Claims, strict: true);
    }

    [Fact]
    public void Authenticate_RefusesHs256_UnlessThePolicyNamesIt()
    {
        var token = Jws.Sign(TestKeys.For(JwsAlgorithm.HS256), Claims.ToUtf8Json());
        Assert.Equal(AccessTokenFailure.Algorithm, Authenticate(token).Failure);
    }

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("AT+JWT")]
    [InlineData("application/at+jwt")]
    [InlineData("Application/At+Jwt")]
    public void Authenticate_TakesTheType_InEveryWriting(string type) =>
        Assert.True(Authenticate(WithHeader($$"""{"alg":"ES256","kid":"es256","typ":"{{type}}"}""")).IsAccepted);

    [Fact]
    public void Authenticate_TakesOtherTypesAndFewerClaims_WhenThePolicyIsLooser()
    {
        var token = TestKeys.Forge(Key, """{"alg":"ES256","kid":"es256","typ":"JWT"}""", ClaimsWith("jti", null));
        var loose = Policy with { Types = ["JWT", "at+jwt"], RequiredClaims = ["tenant"] };
        Assert.Equal(AccessTokenFailure.Type, Authenticate(token).Failure);
        Assert.Equal(AccessTokenFailure.Claims, AccessTokenVerification.Authenticate(token, TestKeys.All, loose).Failure);
        Assert.Equal("", AccessTokenVerification.Authenticate(token, TestKeys.All, loose with { RequiredClaims = [] }).Claims!.Id);
    }

    [Fact]
    public void Authenticate_RefusesClaimsThatThePolicyRequires_WhenTheyAreMissingOrEmpty()
    {
        foreach (var name in AccessTokenClaimNames.All.Append("tenant"))
        {
            var policy = Policy with { RequiredClaims = [name] };
            var full = FullClaims with { Extra = new Dictionary<string, JsonElement> { ["tenant"] = JsonElement.Parse("1") } };
            var json = JsonNode.Parse(full.ToUtf8Json())!.AsObject();
            Assert.Null(Failure(json));
            if (json[name]!.GetValueKind() is JsonValueKind.String or JsonValueKind.Array)
            {
                json[name] = json[name] is JsonArray ? new JsonArray() : JsonValue.Create("");
                Assert.Equal(AccessTokenFailure.Claims, Failure(json));
            }

            json.Remove(name);
            Assert.Equal(AccessTokenFailure.Claims, Failure(json));

            AccessTokenFailure? Failure(JsonObject claims) =>
                AccessTokenVerification.Authenticate(TestKeys.Forge(Key, Header, claims.ToJsonString()), TestKeys.All, policy).Failure;
        }
    }

    [Theory]
    [InlineData("""["nobody","other"]""", true)]
    [InlineData("\"other\"", true)]
    [InlineData("\"API\"", false)]
    [InlineData("\"nobody\"", false)]
    [InlineData("""["apii","ap"]""", false)]
    public void Authenticate_WantsOneOfItsOwnAudiences(string audience, bool accepted)
    {
        AccessTokenFailure? expected = accepted ? null : AccessTokenFailure.Audience;
        Assert.Equal(expected, Authenticate(With("aud", audience)).Failure);
    }

    [Theory]
    [InlineData("\"https://id.example/\"")]
    [InlineData("\"HTTPS://ID.EXAMPLE\"")]
    [InlineData("\"https://evil.example\"")]
    public void Authenticate_ComparesTheIssuerExactly(string issuer) =>
        Assert.Equal(AccessTokenFailure.Issuer, Authenticate(With("iss", issuer)).Failure);

    [Fact]
    public void Authenticate_AnswersTheFirstFailure_WhenEverythingIsWrong()
    {
        // Each token mends one more thing, in the order of DESIGN §5, and fails at the next.
        const string Hs = """{"alg":"HS256","kid":"gone","typ":"at+jwt"}""";
        const string Gone = """{"alg":"ES256","kid":"gone","typ":"at+jwt"}""";
        var wrongClaims = """{"iss":"x","aud":"x","exp":1,"iat":2}""";
        var complete = """{"iss":"x","sub":"s","aud":"x","exp":1,"iat":2,"jti":"j","client_id":"c"}""";
        (string Token, AccessTokenFailure Failure)[] ladder =
        [
            (TestKeys.Forge(Key, """{"alg":"HS256","kid":"gone","typ":"JWT","crit":[]}""", wrongClaims) + "=", AccessTokenFailure.Malformed),
            (TestKeys.Forge(Key, """{"alg":"HS256","kid":"gone","typ":"JWT","crit":[]}""", wrongClaims), AccessTokenFailure.Type),
            (TestKeys.Forge(Key, """{"alg":"HS256","kid":"gone","typ":"at+jwt","crit":[]}""", wrongClaims), AccessTokenFailure.Malformed),
            (TestKeys.Forge(Key, Hs, wrongClaims), AccessTokenFailure.Algorithm),
            (TestKeys.Forge(Key, Gone, wrongClaims), AccessTokenFailure.Key),
            (TestKeys.Forge(TestKeys.For(JwsAlgorithm.HS256), Header, wrongClaims), AccessTokenFailure.Signature),
            (TestKeys.Forge(Key, Header, wrongClaims), AccessTokenFailure.Claims),
            (TestKeys.Forge(Key, Header, complete), AccessTokenFailure.Issuer),
            (TestKeys.Forge(Key, Header, complete.Replace("\"iss\":\"x\"", "\"iss\":\"https://id.example\"", StringComparison.Ordinal)), AccessTokenFailure.Audience),
            (With("exp", Seconds(T0)), AccessTokenFailure.Claims), // expires when it is issued
        ];
        foreach (var (token, failure) in ladder)
            Assert.Equal(failure, Authenticate(token).Failure);
    }

    // Seconds from T0 to each instant; the clock skew is 30 s.
    [Theory]
    [InlineData(0, 600, null, 0, null)]
    [InlineData(0, 600, null, -30, null)]
    [InlineData(0, 600, null, -31, AccessTokenFailure.Early)] // issued in the future
    [InlineData(0, 600, 100, 70, null)]
    [InlineData(0, 600, 100, 69, AccessTokenFailure.Early)]
    [InlineData(0, 600, null, 629, null)]
    [InlineData(0, 600, null, 630, AccessTokenFailure.Expired)]
    [InlineData(0, 600, 700, 640, AccessTokenFailure.Early)] // not before is looked at first
    [InlineData(0, 3600, null, 0, null)]
    [InlineData(0, 3601, null, 0, AccessTokenFailure.TooOld)]
    [InlineData(0, 3601, null, 3631, AccessTokenFailure.Expired)]
    public void CheckNow_IsExactToTheSecond(int issued, int expires, int? notBefore, int now, AccessTokenFailure? expected)
    {
        var claims = Claims with
        {
            IssuedAt = T0.AddSeconds(issued),
            ExpiresAt = T0.AddSeconds(expires),
            NotBefore = notBefore is { } s ? T0.AddSeconds(s) : null,
        };
        Assert.Equal(expected, CheckNow(claims, Policy, T0.AddSeconds(now)));
        var token = Assert.IsType<AccessTokenIssuing.Issued>(AccessTokenIssuance.Issue(Key, claims)).Token;
        Assert.Equal(expected, AccessTokenVerification.Verify(token, TestKeys.All, Policy, Denylist.Empty, T0.AddSeconds(now)).Failure);
    }

    [Fact]
    public void CheckNow_DoesNotOverflow_AtTheEndsOfTime()
    {
        var wide = Policy with { ClockSkew = TimeSpan.MaxValue, MaxTokenAge = TimeSpan.MaxValue };
        var claims = Claims with { IssuedAt = DateTimeOffset.MinValue, ExpiresAt = DateTimeOffset.MaxValue, NotBefore = DateTimeOffset.MaxValue };
        foreach (var now in (DateTimeOffset[])[DateTimeOffset.MinValue, T0, DateTimeOffset.MaxValue])
        {
            Assert.Null(CheckNow(claims, wide, now));
            Assert.NotNull(CheckNow(claims, Policy, now));
        }
    }

    [Theory]
    [InlineData(null, AccessTokenFailure.ProofRequired)]
    [InlineData("", AccessTokenFailure.ProofRequired)]
    [InlineData("nzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", AccessTokenFailure.ProofRequired)]
    [InlineData(Thumbprint, null)]
    public void CheckNow_WantsTheProof_WhenTheTokenIsBound(string? proven, AccessTokenFailure? expected)
    {
        var token = With("cnf", $$"""{"jkt":"{{Thumbprint}}"}""");
        Assert.Equal(expected, AccessTokenVerification.Verify(token, TestKeys.All, Policy, Denylist.Empty, T0, proven).Failure);
        Assert.Null(CheckNow(Claims, Policy, T0, proven));
    }

    [Fact]
    public void Authenticate_RefusesEverything_WithoutKeys() =>
        Assert.Equal(AccessTokenFailure.Key, AccessTokenVerification.Authenticate(WithHeader(Header), VerificationKeys.None, Policy).Failure);

    private static AccessTokenFailure? CheckNow(AccessTokenClaims claims, AccessTokenPolicy policy, DateTimeOffset now, string? proven = null) =>
        AccessTokenVerification.CheckNow(new AuthenticToken(claims, "k"), policy, Denylist.Empty, now, proven).Failure;

    [Fact]
    public void Default_IsNotAccepted()
    {
        var nothing = default(AccessTokenResult);
        Assert.False(nothing.IsAccepted);
        Assert.Equal(AccessTokenFailure.Malformed, nothing.Failure);
    }
}
