using System.Collections.Frozen;

namespace Symbolon.Edge.Histories;

/// <summary>The checker finds what is planted, and nothing in what is right.</summary>
public sealed class HistoryTests
{
    // Revoked at 100..110 with a receipt that counts A alone; the bound is 50.
    private static readonly Revoking Ended = new("log-out", FrozenSet.Create("t"), "token_revoked", Ms(100), Ms(110), FrozenSet.Create("A"));

    [Fact]
    public void Violations_AreNone_WhereTheContractIsKept() => Assert.Empty(Check(
        new("A", "t", Ms(0), Ms(99), null),
        new("A", "t", Ms(101), Ms(300), null), // began before the answer, however long it took
        new("A", "t", Ms(101), Ms(105), "token_revoked"), // may know before the caller does
        new("A", "t", Ms(302), Ms(303), "token_revoked"),
        new("B", "t", Ms(111), Ms(112), null), // not counted: has until the bound
        new("B", "t", Ms(160), Ms(161), null),
        new("B", "t", Ms(161), Ms(162), "view_stale"),
        new("B", "other", Ms(400), Ms(401), null),
        new("C", "t", Ms(900), Ms(901), null))); // goes on without a bound, as it said

    [Theory]
    [InlineData("A", 111, "receipt")]
    [InlineData("A", 5_000, "receipt")]
    [InlineData("B", 161, "later than")]
    [InlineData("B", 5_000, "later than")]
    public void Violations_FindAnAcceptance_ThatComesTooLate(string verifier, int at, string says) => FindsOne(says, new Request(verifier, "t", Ms(at), Ms(at + 1), null));

    [Fact]
    public void Violations_FindAnAcceptance_AfterARefusal() =>
        FindsOne("had refused", new("B", "t", Ms(111), Ms(120), "token_revoked"), new("B", "t", Ms(121), Ms(122), null));

    [Fact]
    public void Violations_FindARefusal_BeforeAnybodyRevoked() => FindsOne("nobody had revoked", new Request("A", "t", Ms(90), Ms(99), "token_revoked"));

    [Theory]
    [InlineData("other", "token_revoked")]
    [InlineData("other", "claims_stale")]
    [InlineData("t", "claims_stale")]
    public void Violations_FindARefusal_OfAnHonestToken(string token, string code) => FindsOne("nobody had revoked", new Request("A", token, Ms(500), Ms(501), code));

    [Fact]
    public void Violations_FindARefusal_ForSomethingElse() => FindsOne("nobody caused", new Request("A", "other", Ms(1), Ms(2), "token_signature"));

    [Fact]
    public void Violations_FindTheOnePlanted_AmongMany()
    {
        var many = Enumerable.Range(0, 10_000).Select(i => new Request("A", i % 2 == 0 ? "t" : "other", Ms(i), Ms(i + 1), i % 2 == 0 && i > 100 ? "token_revoked" : null)).ToArray();
        Assert.Empty(Check(many));
        many[5_000] = many[5_000] with { Refusal = null };
        Assert.Single(Check(many));
    }

    private static void FindsOne(string says, params Request[] requests) => Assert.Contains(says, Assert.Single(Check(requests)), StringComparison.Ordinal);

    private static IEnumerable<string> Check(params Request[] requests) =>
        new History(new Dictionary<string, TimeSpan?> { ["A"] = Ms(50), ["B"] = Ms(50), ["C"] = null }, requests, [Ended]).Violations();

    private static TimeSpan Ms(int value) => TimeSpan.FromMilliseconds(value);
}
