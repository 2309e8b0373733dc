using Symbolon.Sessions;

namespace Symbolon.Properties;

/// <summary>
/// Where two promises of DESIGN §4.1 need their exact wording: the smallest runs that break the looser one. Each shows how the table
/// behaves now; when the table gets better, the test and the assumption it stands for go.
/// </summary>
public sealed class PromiseLimitsTests
{
    private static readonly Setup Plain = new(Seed: 1, Overlap: 0, SendsAttempts: true, LeaksAttempts: false, IsCookieJar: false, Honest: false);

    /// <summary>[I7] holds while no request is overtaken by more rotations than settle reaches back: here three tabs are quicker than the first one's message.</summary>
    [Fact]
    public void HonestClient_IsLoggedOut_WhenThreeRotationsOvertakeOneRequest()
    {
        var history = World.Play(
            new Run(Plain, [new(Act.VictimSends, 0), new(Act.VictimRefreshes, 0), new(Act.VictimRefreshes, 0), new(Act.VictimRefreshes, 0), new(Act.Finish, 0)]),
            new Protocol());
        Assert.Equal(EndReason.RefreshReuse, history.LastRow!.Ending?.Reason);
    }

    /// <summary>[I9] holds in windows: a loser that uses its sibling just after the winner's next rotation is asked again, however long ago it lost.</summary>
    [Fact]
    public void Loser_IsAskedAgain_WhenTheWinnerRotatedAMomentAgo()
    {
        var history = World.Play(
            new Run(Plain, [
                new(Act.Steal, 0), new(Act.ThiefRefreshes, 0), new(Act.VictimRefreshes, 0), // both hold a child of the same token
                new(Act.ThiefRefreshes, 0), new(Act.Wait, 10), // the thief's child is used: the victim has lost
                new(Act.ThiefRefreshes, 0), new(Act.VictimRefreshes, 0)]), // an hour later
            new Protocol());
        Assert.Null(history.LastRow!.Ending);
        Assert.Contains("lost 01:00:00 before", DeathOnContact.LateUse(history), StringComparison.Ordinal);
        Assert.Null(DeathOnContact.TwoWindows.Broken(history));
    }
}
