using Symbolon.Sessions;
using static Symbolon.Some;
using static Symbolon.Refresh.RefreshDecision;

namespace Symbolon.Refresh;

/// <summary>DESIGN §4.1: the first matching rule wins. Each case meets all conditions from its own row down to rule 5's.</summary>
public sealed class RefreshRotationOrderTests
{
    // Row 0 and up: each entry makes one more condition true, from the bottom of the table to its top.
    private static readonly (Type Decision, Func<Case, Case> Add)[] Ladder =
    [
        (typeof(Rotate), state => state),
        (typeof(AttemptRequired), state => state with { Policy = state.Policy with { AttemptsRequired = true } }),
        (typeof(ProofRequired), state => state with { Session = state.Session with { ConfirmationThumbprint = "key" } }),
        (typeof(Ends), state => state with { Era = 4 }),
        (typeof(Expired), state => state with { Now = state.Session.EndsAt }),
        (typeof(Ended), state => state with { Session = state.Session with { Ending = new SessionEnding(T0, EndReason.Risk, By: null) } }),
        (typeof(Foreign), state => state with { Token = state.Token with { ClientId = "other" } }),
        (typeof(Forged), state => state with { Token = state.Token with { IsProven = false } }),
    ];

    public static TheoryData<int> Rungs => [.. Enumerable.Range(0, Ladder.Length)];

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Decide_TakesTheFirstRow_WhenSeveralMatch(int rung)
    {
        var state = Ladder.Take(rung + 1).Aggregate(new Case(Row, Token(6), T0, Era: 3, Policy), (made, next) => next.Add(made));
        var decision = RefreshRotation.Decide(new SessionFacts(state.Session, Account, state.Era, state.Now), Stamp, state.Token, state.Policy, SessionLifetime.Default);
        Assert.Equal(Ladder[rung].Decision, decision.GetType());
    }

    [Fact]
    public void Decide_PrefersTheAbsoluteEnd_WhenBothAreReached() =>
        Assert.Equal(
            new Expired(EndReason.AbsoluteLifetime),
            RefreshRotation.Decide(Facts(now: Row.EndsAt), Stamp, Token(6), Policy, SessionLifetime.Default));

    [Fact]
    public void Decide_PrefersRetryToAskAgain_WhenBothWindowsAreOpen() =>
        Assert.IsType<Retry>(RefreshRotation.Decide(Facts(), Stamp, Token(5), Policy, SessionLifetime.Default));

    private sealed record Case(Session Session, PresentedRefreshToken Token, DateTimeOffset Now, int Era, RefreshPolicy Policy);
}
