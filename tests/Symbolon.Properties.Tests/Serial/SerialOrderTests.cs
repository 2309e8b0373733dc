using Symbolon.Testing;

namespace Symbolon.Properties;

/// <summary>The history checker: accepts what DESIGN §4.1 allows, rejects what it does not.</summary>
public sealed class SerialOrderTests
{
    private readonly List<Observation> history = [Make(0, 1, Deed.Start, Outcome.Issued) with { Child = "1a", ChildGeneration = 1 }];

    private static Observation Make(long from, long to, Deed deed, Outcome outcome) =>
        new() { Session = "s", Deed = deed, StartedAt = from, EndedAt = to, Outcome = outcome };

    // Tokens are named by generation and branch: "2b" is a token of generation 2.
    private SerialOrderTests Issued(long from, long to, string token, string child)
    {
        history.Add(Make(from, to, Deed.Refresh, Outcome.Issued) with { Token = token, Child = child, ChildGeneration = child[0] - '0' });
        return this;
    }

    private SerialOrderTests Refused(long from, long to, string token, Outcome outcome, string? reason = null)
    {
        history.Add(Make(from, to, Deed.Refresh, outcome) with { Token = token, Reason = reason });
        return this;
    }

    private SerialOrderTests End(long from, long to, Outcome outcome = Outcome.Done)
    {
        history.Add(Make(from, to, Deed.End, outcome) with { Reason = "logout" });
        return this;
    }

    private void IsSerial() => Assert.Null(SerialOrder.Explain(history));

    private string IsNotSerial()
    {
        var problem = SerialOrder.Explain(history);
        Assert.NotNull(problem);
        return problem;
    }

    [Fact]
    public void Explain_Accepts_WhenOneClientGoesOn() => Issued(2, 3, "1a", "2a").Issued(4, 5, "2a", "3a").End(6, 7).Refused(8, 9, "3a", Outcome.Ended, "logout").IsSerial();

    [Fact]
    public void Explain_Accepts_WhenTabsAskTogether() =>
        Issued(2, 9, "1a", "2a").Issued(2, 8, "1a", "2b").Issued(10, 20, "2b", "3a").Refused(10, 19, "2a", Outcome.AskAgain).Refused(11, 18, "1a", Outcome.AskAgain).IsSerial();

    [Fact]
    public void Explain_Accepts_WhenAnEndRacesARefresh()
    {
        Issued(2, 9, "1a", "2a").End(3, 8).Refused(10, 11, "2a", Outcome.Ended, "logout").IsSerial();
        Issued(12, 20, "2a", "3a");
        Assert.Contains("has ended", IsNotSerial(), StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_Accepts_WhenAnAnswerWasLost()
    {
        history.Add(new Observation { Session = "s", Deed = Deed.Refresh, StartedAt = 2, Token = "1a" });
        Issued(5, 6, "1a", "2a").IsSerial(); // it may have rotated, or not
        history.Add(new Observation { Session = "s", Deed = Deed.End, StartedAt = 7 });
        Issued(8, 9, "2a", "3a").Refused(10, 11, "3a", Outcome.Ended, "logout").IsSerial(); // it came late
    }

    [Fact]
    public void Explain_Accepts_WhenReuseEndsTheSessionOnce() =>
        Issued(2, 3, "1a", "2a").Issued(2, 3, "1a", "2b").Issued(4, 5, "2a", "3a").Issued(6, 7, "3a", "4a")
            .Refused(8, 20, "2b", Outcome.Reuse).Refused(8, 21, "2b", Outcome.Ended, "refresh_reuse").Refused(8, 22, "4a", Outcome.Ended, "refresh_reuse").IsSerial();

    [Fact]
    public void Explain_Rejects_WhenReuseEndsTheSessionTwice() =>
        Issued(2, 3, "1a", "2a").Issued(2, 3, "1a", "2b").Issued(4, 5, "2a", "3a").Issued(6, 7, "3a", "4a")
            .Refused(8, 20, "2b", Outcome.Reuse).Refused(8, 21, "2b", Outcome.Reuse).IsNotSerial();

    [Fact]
    public void Explain_Rejects_WhenTwoChildrenOfOneTokenRotate() =>
        Issued(2, 3, "1a", "2a").Issued(2, 3, "1a", "2b").Issued(4, 9, "2a", "3a").Issued(4, 9, "2b", "3b").IsNotSerial();

    [Fact]
    public void Explain_Rejects_WhenTokensComeAfterAnEnd() => End(2, 3).Issued(4, 5, "1a", "2a").IsNotSerial();

    [Fact]
    public void Explain_Rejects_WhenAnEndIsUndone() =>
        Issued(2, 3, "1a", "2a").End(4, 9).Refused(5, 6, "2a", Outcome.Ended, "logout").Issued(7, 8, "2a", "3a").IsNotSerial();

    [Fact]
    public void Explain_Rejects_WhenARetiredTokenIsRevived()
    {
        Issued(2, 3, "1a", "2a").Issued(4, 5, "2a", "3a").Issued(6, 7, "1a", "2b");
        var problem = IsNotSerial();
        Assert.Contains("[6, 7] Refresh 1a → Issued 2b of generation 2  (expected here: AskAgain)", problem, StringComparison.Ordinal);
        Assert.Contains("✓ [4, 5] Refresh 2a", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_Rejects_WhenTwoAnswersCarryOneChild() =>
        Assert.Contains("same refresh token", Issued(2, 3, "1a", "2a").Issued(2, 3, "1a", "2a").IsNotSerial(), StringComparison.Ordinal);

    [Fact]
    public void Explain_Rejects_WhenAGenerationIsSkipped() => Assert.Contains("generation", Issued(2, 3, "1a", "3a").IsNotSerial(), StringComparison.Ordinal);

    [Fact]
    public void Explain_Rejects_WhenAnHonestTokenIsRefused()
    {
        Refused(2, 3, "1a", Outcome.AskAgain).IsNotSerial();
        history.RemoveAt(1);
        Refused(2, 3, "1a", Outcome.Ended, "logout").IsNotSerial();
    }

    [Fact]
    public void Explain_Rejects_WhenTheWrongReasonIsTold() => End(2, 3).Refused(4, 5, "1a", Outcome.Ended, "refresh_reuse").IsNotSerial();

    [Fact]
    public void Explain_JudgesOutsiders()
    {
        history.Add(Make(2, 3, Deed.Refresh, Outcome.Invalid) with { Token = "1a", IsOutsider = true });
        Refused(4, 5, "forged", Outcome.Invalid).Issued(6, 7, "1a", "2a").IsSerial();
        history.Add(Make(8, 9, Deed.Refresh, Outcome.AskAgain) with { Token = "1a", IsOutsider = true });
        IsNotSerial();
    }

    [Theory]
    [InlineData("mine", true)]
    [InlineData("other", false)]
    [InlineData(null, false)]
    public void Explain_KnowsAttempts_WhenOverlapIsClosed(string? attempt, bool accepted)
    {
        Issued(2, 3, "1a", "2a").Issued(4, 5, "1a", "2b");
        history[1] = history[1] with { Attempt = "mine" };
        history[2] = history[2] with { Attempt = attempt, IsOverlapOpen = false };
        Assert.Equal(accepted, SerialOrder.Explain(history) is null);
    }

    [Fact]
    public void Explain_KnowsSupersededTokensOneByOne()
    {
        Issued(2, 3, "1a", "2a").Issued(2, 3, "1a", "2b").Issued(4, 5, "2a", "3a").Issued(6, 7, "3a", "4a").Refused(8, 9, "1a", Outcome.AskAgain).IsSerial();
        Refused(10, 11, "2b", Outcome.AskAgain).IsNotSerial(); // it was never confirmed
    }

    [Theory]
    [InlineData(8, Outcome.AskAgain)]
    [InlineData(9, Outcome.Reuse)]
    public void Explain_KeepsEightSupersededTokens(int rotations, Outcome outcome)
    {
        for (var n = 1; n <= rotations + 1; n++) history.Add(Make(2 * n, (2 * n) + 1, Deed.Refresh, Outcome.Issued) with { Token = $"{n}a", Child = $"{n + 1}a", ChildGeneration = n + 1 });
        Refused(50, 51, "1a", outcome).IsSerial();
    }

    [Fact]
    public void Explain_FindsReuse_WhenSettleIsOver()
    {
        Issued(2, 3, "1a", "2a").Issued(4, 5, "2a", "3a").Refused(6, 7, "1a", Outcome.Reuse);
        IsNotSerial();
        history[^1] = history[^1] with { IsSettleOpen = false };
        IsSerial();
    }

    [Theory]
    [InlineData(204, null, Outcome.Done)]
    [InlineData(200, null, Outcome.Issued)]
    [InlineData(409, "ask_again", Outcome.AskAgain)]
    [InlineData(401, "refresh_reuse", Outcome.Reuse)]
    [InlineData(400, "session_ended", Outcome.Ended)]
    [InlineData(401, "refresh_invalid", Outcome.Invalid)]
    [InlineData(503, "unavailable", Outcome.Unknown)]
    [InlineData(503, "ask_again", Outcome.AskAgain)]
    [InlineData(0, null, Outcome.Unknown)]
    public void OutcomeOf_ReadsAnswers(int status, string? code, Outcome outcome) => Assert.Equal(outcome, Observation.OutcomeOf(status, code));

    [Fact]
    public void OutcomeOf_Throws_WhenTheAnswerIsNoneOfThese() => Assert.Throws<ArgumentOutOfRangeException>(() => Observation.OutcomeOf(400, "request_malformed"));
}
