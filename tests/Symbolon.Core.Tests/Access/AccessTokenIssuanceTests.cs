using System.Text.Json;
using static Symbolon.Access.AccessTokenSamples;

namespace Symbolon.Access;

public sealed class AccessTokenIssuanceTests
{
    [Fact]
    public void Issue_NamesTheLargestClaims_WhenTheTokenIsOverBudget()
    {
        var claims = Claims with
        {
            Roles = [.. Enumerable.Range(0, 60).Select(i => $"role-{i}")],
            Extra = new Dictionary<string, JsonElement> { ["tenant"] = JsonElement.Parse($"\"{new string('t', 200)}\"") },
        };
        var result = Assert.IsType<AccessTokenIssuing.TooLarge>(AccessTokenIssuance.Issue(Key, claims));
        Assert.True(result.Length > AccessTokenIssuance.MaxLength);
        Assert.Equal(["roles", "tenant"], result.Largest.Take(2).Select(c => c.Name));
        Assert.Equal(211, result.Largest[1].Bytes); // "tenant":"ttt…"
        Assert.Equal(5, result.Largest.Length);
    }

    [Fact]
    public void Issue_UsesTheWholeBudget_AndNotAByteMore()
    {
        var longest = Enumerable.Range(1, 1_000).Last(n => Issue(n) is AccessTokenIssuing.Issued);
        Assert.InRange(((AccessTokenIssuing.Issued)Issue(longest)).Token.Length, 1_198, 1_200);
        Assert.InRange(Assert.IsType<AccessTokenIssuing.TooLarge>(Issue(longest + 1)).Length, 1_201, 1_203);

        static AccessTokenIssuing Issue(int length) => AccessTokenIssuance.Issue(Key, Claims with { Scope = new string('s', length) });
    }

    [Fact]
    public void Issue_RefusesToOverrideRegisteredClaims()
    {
        foreach (var name in AccessTokenClaimNames.All)
        {
            var claims = Claims with { Extra = new Dictionary<string, JsonElement> { [name] = JsonElement.Parse("1"), ["mine"] = JsonElement.Parse("1") } };
            Assert.Equal([name], Assert.IsType<AccessTokenIssuing.Reserved>(AccessTokenIssuance.Issue(Key, claims)).Names);
            Assert.Throws<InvalidOperationException>(() => claims.ToUtf8Json());
        }
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void Issue_Throws_WhenNoVerifierWouldReadTheClaims(string value)
    {
        var claims = Claims with { Extra = new Dictionary<string, JsonElement> { ["mine"] = JsonElement.Parse(value) } };
        Assert.Throws<ArgumentException>(() => AccessTokenIssuance.Issue(Key, claims));
    }

    [Fact]
    public void ClaimNames_AreAllThatAreWritten()
    {
        var written = JsonElement.Parse(FullClaims.ToUtf8Json()).EnumerateObject().Select(m => m.Name).Except(["tenant"]);
        Assert.Equal(AccessTokenClaimNames.All.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Issue_Throws_WhenARequiredClaimIsEmpty()
    {
        AccessTokenClaims[] incomplete =
        [
            Claims with { Issuer = "" }, Claims with { Subject = "" }, Claims with { Id = "" }, Claims with { ClientId = "" },
            Claims with { Audience = [] }, Claims with { Audience = ["api", ""] }, Claims with { ExpiresAt = T0.AddMilliseconds(900) },
        ];
        foreach (var claims in incomplete)
            Assert.Throws<ArgumentException>(() => AccessTokenIssuance.Issue(Key, claims));
    }

    [Fact]
    public void Issued_DoesNotPrintTheToken()
    {
        var issued = Assert.IsType<AccessTokenIssuing.Issued>(AccessTokenIssuance.Issue(Key, Claims));
        Assert.DoesNotContain(issued.Token[..20], $"{issued}", StringComparison.Ordinal);
    }
}
