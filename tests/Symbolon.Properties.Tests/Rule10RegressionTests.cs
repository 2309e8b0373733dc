using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Properties;

/// <summary>The smallest runs that broke [I7] and [I9] while rule 10 judged by generation: docs/decisions/0016-superseded-tokens.md.</summary>
public sealed class Rule10RegressionTests
{
    private static readonly Setup Plain = new(Seed: 1, Overlap: 0, SendsAttempts: true, LeaksAttempts: false, IsCookieJar: false, Honest: false);

    private static History Play(params Step[] steps) => World.Play(new Run(Plain, steps), new Protocol());

    /// <summary>Guards against an honest client logged out because three tabs were quicker than another one's message.</summary>
    [Fact]
    public void HonestClient_Lives_WhenThreeRotationsOvertakeOneRequest()
    {
        var history = Play(new(Act.VictimSends, 0), new(Act.VictimRefreshes, 0), new(Act.VictimRefreshes, 0), new(Act.VictimRefreshes, 0), new(Act.Finish, 0));
        Assert.Null(history.LastRow!.Ending);
        Assert.IsType<RefreshDecision.AskAgain>(history.Operations[0].Decision);
    }

    /// <summary>The bound that is left of [I7]: as many rotations may overtake one request as tokens are kept.</summary>
    [Theory]
    [InlineData(SupersededTokens.Most, true)]
    [InlineData(SupersededTokens.Most + 1, false)]
    public void HonestClient_Lives_WhenAtMostEightRotationsOvertakeOneRequest(int rotations, bool lives)
    {
        // The first refresh uses the token that the request carries; each one after it is a rotation that overtakes the request.
        var history = Play([new(Act.VictimSends, 0), .. Enumerable.Repeat(new Step(Act.VictimRefreshes, 0), 1 + rotations), new(Act.Finish, 0)]);
        Assert.Equal(lives ? null : EndReason.RefreshReuse, history.LastRow!.Ending?.Reason);
    }

    /// <summary>Guards against a loser that was asked to come again after each of the winner's rotations, however long ago it had lost.</summary>
    [Fact]
    public void Loser_EndsTheSession_WhenTheWinnerRotatedAMomentAgo()
    {
        var history = Play(
            new(Act.Steal, 0), new(Act.ThiefRefreshes, 0), new(Act.VictimRefreshes, 0), // both hold a child of the same token
            new(Act.ThiefRefreshes, 0), new(Act.Wait, 10), // the thief's child is used: the victim has lost
            new(Act.ThiefRefreshes, 0), new(Act.VictimRefreshes, 0)); // an hour later
        Assert.Equal(EndReason.RefreshReuse, history.LastRow!.Ending?.Reason);
        Assert.Null(DeathOnContact.WithinSettle.Broken(history));
    }

    /// <summary>Guards against a request answered as theft because the generation it rotated was lost in a failover and adopted over.</summary>
    [Fact]
    public void HonestClient_Lives_WhenTheStoreLostTheRotationOfARequestUnderWay()
    {
        var history = Play(
            new(Act.VictimRefreshes, 0), new(Act.VictimSends, 0), new(Act.VictimRefreshes, 0), // two tabs with the same token, one is slow
            new(Act.Failover, 0), new(Act.VictimRefreshes, 0), new(Act.Finish, 0));
        Assert.Null(history.LastRow!.Ending);
        Assert.IsType<RefreshDecision.Adopt>(history.Operations[^1].Decision);
        Assert.IsType<RefreshDecision.AskAgain>(history.Operations[1].Decision);
    }
}
