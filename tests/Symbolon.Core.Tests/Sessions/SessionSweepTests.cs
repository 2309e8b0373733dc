using Symbolon.Sessions;
using static Symbolon.Some;

namespace Symbolon.Sessions;

/// <summary>What housekeeping does with a row.</summary>
public sealed class SessionSweepTests
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    [Fact]
    public void Decide_Keeps_WhatIsAlive() => Assert.IsType<SweepDecision.Keep>(SessionSweep.Decide(Facts(), Keep));

    /// <summary>Guards against a clock that is wrong for a while: what has expired is refused, not ended.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(86_399)]
    public void Decide_Keeps_WhatHasExpiredToday(int seconds) =>
        Assert.IsType<SweepDecision.Keep>(SessionSweep.Decide(Facts(now: Row.ExpiresAt.AddSeconds(seconds)), Keep));

    [Fact]
    public void Decide_Ends_WhatExpiredADayAgo()
    {
        var end = Assert.IsType<SweepDecision.End>(SessionSweep.Decide(Facts(now: Row.ExpiresAt.AddDays(1)), Keep)).What;
        Assert.Equal((EndReason.Inactivity, null), (end.Session.Ending!.Reason, end.Entry));
    }

    [Fact]
    public void Decide_Ends_WhatEndedFromAbove_ForThatReason_AndTellsNobodyAgain()
    {
        var above = Facts() with { Subject = Account with { Epoch = 1, EpochReason = EndReason.PasswordChanged } };
        var end = Assert.IsType<SweepDecision.End>(SessionSweep.Decide(above, Keep)).What;
        Assert.Equal((EndReason.PasswordChanged, null), (end.Session.Ending!.Reason, end.Entry));
        Assert.Equal(EndReason.AllEnded, Assert.IsType<SweepDecision.End>(SessionSweep.Decide(Facts(era: 4), Keep)).What.Session.Ending!.Reason);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void Decide_Purges_WhatWasKeptForLongEnough(int seconds, bool purges)
    {
        var ended = Row with { Ending = new SessionEnding(T0, EndReason.Logout, By: null) };
        Assert.Equal(purges, SessionSweep.Decide(Facts(ended, T0 + Keep + TimeSpan.FromSeconds(seconds)), Keep) is SweepDecision.Purge);
    }
}
