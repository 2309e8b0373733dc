namespace Symbolon.Access;

public sealed class AccessTokenFailureTests
{
    [Fact]
    public void Code_IsThatOfDesign()
    {
        string[] codes =
        [
            "token_malformed", "token_type", "token_algorithm", "token_key", "token_signature", "token_claims", "token_issuer",
            "token_audience", "token_early", "token_expired", "token_too_old", "token_revoked", "claims_stale", "proof_required",
        ];
        Assert.Equal(codes, Enum.GetValues<AccessTokenFailure>().Select(f => f.Code()));
    }

    [Fact]
    public void TitleAndDetail_SayWhatToDo()
    {
        foreach (var failure in Enum.GetValues<AccessTokenFailure>())
        {
            Assert.EndsWith(".", failure.Title(), StringComparison.Ordinal);
            Assert.EndsWith(".", failure.Detail(), StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => ((AccessTokenFailure)99).Code());
    }
}
