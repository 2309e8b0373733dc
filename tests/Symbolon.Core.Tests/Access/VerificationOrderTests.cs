using System.Text.Json.Nodes;
using Symbolon.Jose;
using Symbolon.Revocation;
using Symbolon.Sessions;
using static Symbolon.Access.AccessTokenSamples;

namespace Symbolon.Access;

/// <summary>Every code of DESIGN §5, and their order: a token with two faults is refused for the earlier one, whichever two they are.</summary>
public sealed class VerificationOrderTests
{
    private const string Session = "01957a00-0000-7000-8000-000000000001";

    /// <summary>In the order of the contract.</summary>
    private static readonly Fault[] Faults =
    [
        new("padding", AccessTokenFailure.Malformed, made => made.Suffix = "="),
        new("a header's member twice", AccessTokenFailure.Malformed, made => made.InHeader = ",\"kid\":\"es256\""),
        new("typ", AccessTokenFailure.Type, made => made.Header["typ"] = "JWT"),
        new("crit", AccessTokenFailure.Malformed, made => made.Header["crit"] = new JsonArray("exp")),
        new("alg", AccessTokenFailure.Algorithm, made => made.Header["alg"] = "HS256"),
        new("kid", AccessTokenFailure.Key, made => made.Header["kid"] = "gone"),
        new("signature", AccessTokenFailure.Signature, made => made.Key = TestKeys.For(JwsAlgorithm.HS256)),
        new("a claim is missing", AccessTokenFailure.Claims, made => made.Claims.Remove("client_id")),
        new("iss", AccessTokenFailure.Issuer, made => made.Claims["iss"] = "https://evil.example"),
        new("aud", AccessTokenFailure.Audience, made => made.Claims["aud"] = "billing"),
        new("expires when it is issued", AccessTokenFailure.Claims, made => made.HasNoLife = true),
        new("nbf", AccessTokenFailure.Early, made => made.Claims["nbf"] = made.Second(100)),
        new("exp", AccessTokenFailure.Expired, made => made.Claims["exp"] = made.Second(-40)),
        new("too long a life", AccessTokenFailure.TooOld, made => made.Claims["iat"] = made.Second(-7_200)),
        Revoked("jti", RevocationKind.Token, "0d5f", 0, EndReason.Logout),
        Revoked("sid", RevocationKind.Session, Session, 0, EndReason.EndedByUser),
        Revoked("epoch", RevocationKind.Subject, "0195", 3, EndReason.PasswordChanged),
        Revoked("era", RevocationKind.Era, "", 2, EndReason.AllEnded),
        Revoked("key", RevocationKind.Key, "es256", 0, EndReason.Risk),
        new("claims version", AccessTokenFailure.ClaimsStale, made => made.Entries.Add(new RevocationEntry(RevocationKind.Claims, "0195", 4, T0, T0.AddHours(1), Reason: null))),
        new("sender constraint", AccessTokenFailure.ProofRequired, made => made.Proof = null),
    ];

    [Fact]
    public void Verify_AnswersTheCode_OfEachFaultAlone()
    {
        Assert.True(Verify().IsAccepted);
        foreach (var fault in Faults) Assert.Equal((fault, fault.Failure, fault.Reason), (fault, Verify(fault).Failure, Verify(fault).Reason));
        Assert.Equal(Enum.GetValues<AccessTokenFailure>(), Faults.Select(fault => fault.Failure).Distinct().Order());
    }

    [Fact]
    public void Verify_AnswersTheEarlierOne_OfAnyTwoFaults()
    {
        for (var first = 0; first < Faults.Length; first++)
        {
            foreach (var later in Faults[(first + 1)..])
            {
                var fault = Faults[first];
                var result = Verify(later, fault);
                Assert.True(result.Failure == fault.Failure && result.Reason == fault.Reason, $"{fault.Name} and {later.Name}: {result.Failure} {result.Reason}");
            }
        }
    }

    // A verifier answers the same whether it has met the token, where it may have passed before, or not.
    private static AccessTokenResult Verify(params Fault[] faults)
    {
        var made = new Made();
        foreach (var fault in faults) fault.Apply(made);
        var (token, denylist) = (made.Token(), Denylist.Empty.With(made.Entries));
        var verifier = new AccessTokenVerifier(TestKeys.All, Policy, 8);
        verifier.Verify(token, Denylist.Empty, T0, Thumbprint);
        var result = verifier.Verify(token, denylist, T0, made.Proof);
        Assert.Equal(AccessTokenVerification.Verify(token, TestKeys.All, Policy, denylist, T0, made.Proof).Failure, result.Failure);
        return result;
    }

    private static Fault Revoked(string name, RevocationKind kind, string key, int number, EndReason reason) =>
        new(name, AccessTokenFailure.Revoked, made => made.Entries.Add(new RevocationEntry(kind, key, number, T0, T0.AddHours(1), reason.Code())), reason);

    private sealed record Fault(string Name, AccessTokenFailure Failure, Action<Made> Apply, EndReason? Reason = null);

    /// <summary>A good token that is bound to a key, made from parts that can be spoilt one by one.</summary>
    private sealed class Made
    {
        public JsonObject Header { get; } = JsonNode.Parse(AccessTokenSamples.Header)!.AsObject();

        public JsonObject Claims { get; } = JsonNode.Parse((FullClaims with { IssuedAt = T0.AddMinutes(-10), NotBefore = null }).ToUtf8Json())!.AsObject();

        public List<RevocationEntry> Entries { get; } = [];

        public SigningKey Key { get; set; } = AccessTokenSamples.Key;

        public string InHeader { get; set; } = "";

        public string Suffix { get; set; } = "";

        public string? Proof { get; set; } = Thumbprint;

        public bool HasNoLife { get; set; }

        public JsonNode Second(int fromNow) => T0.AddSeconds(fromNow).ToUnixTimeSeconds();

        public string Token()
        {
            if (HasNoLife) Claims["exp"] = Claims["iat"]!.DeepClone();
            return TestKeys.Forge(Key, Header.ToJsonString()[..^1] + InHeader + "}", Claims.ToJsonString()) + Suffix;
        }
    }
}
