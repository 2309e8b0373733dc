using Symbolon.Sessions;
using static Symbolon.Some;
using static Symbolon.Refresh.RefreshDecision;

namespace Symbolon.Refresh;

/// <summary>DESIGN §4.1, rule 10: what may still be under way is asked to come again; anything else behind the confirmed token is reuse.</summary>
public sealed class AskAgainTests
{
    // (4, 40) was confirmed until (5, 50) was, at T0.
    private static readonly Session Rotated = Confirmed(Row with { Generation = 4, Branch = 40 }, 5, 50, T0);

    private static RefreshDecision Decide(Session session, DateTimeOffset now, int generation, long branch) =>
        RefreshRotation.Decide(Facts(session, now), Stamp, Token(generation, branch), Policy with { Overlap = TimeSpan.Zero }, SessionLifetime.Default);

    /// <summary>The row after a token was presented.</summary>
    private static Session Confirmed(Session session, int generation, long branch, DateTimeOffset now) => Decide(session, now, generation, branch) switch
    {
        Rotate { Next: var next } => next,
        Adopt { Next: var next } => next,
        var other => throw new InvalidOperationException($"{other}"),
    };

    private static void AsksAgain(bool asks, RefreshDecision decision)
    {
        if (asks) Assert.IsType<AskAgain>(decision);
        else Assert.IsType<Reuse>(decision);
    }

    [Theory]
    [InlineData(5, 50, 9_999, true)] // the confirmed token itself, overlap is over
    [InlineData(5, 50, 10_000, false)]
    [InlineData(5, 51, 9_999, true)] // a sibling of the confirmed token
    [InlineData(5, 51, 10_000, false)]
    [InlineData(4, 40, 9_999, true)] // the token that was confirmed before
    [InlineData(4, 40, 10_000, false)]
    [InlineData(4, 40, -1_000, true)] // the clock was set back
    [InlineData(4, 41, 0, false)] // its sibling, which never was
    [InlineData(3, 40, 0, false)]
    [InlineData(3, 30, 0, false)]
    public void Decide_AsksAgain_WhenAnotherWasQuickerAMomentAgo(int generation, long branch, int milliseconds, bool asks) =>
        AsksAgain(asks, Decide(Rotated, T0.AddMilliseconds(milliseconds), generation, branch));

    [Theory]
    [InlineData(4, 40, 9_999, true)] // each has a settle of its own, from when it was superseded
    [InlineData(4, 40, 10_000, false)]
    [InlineData(5, 50, 10_000, true)]
    [InlineData(5, 50, 13_999, true)]
    [InlineData(5, 50, 14_000, false)]
    [InlineData(5, 51, 9_999, false)] // a sibling that lost is reuse after the next rotation
    [InlineData(6, 61, 13_999, true)]
    public void Decide_AsksAgain_WhenSeveralRotationsOvertookARequest(int generation, long branch, int milliseconds, bool asks) =>
        AsksAgain(asks, Decide(Confirmed(Rotated, 6, 60, T0.AddSeconds(4)), T0.AddMilliseconds(milliseconds), generation, branch));

    [Fact]
    public void Decide_AsksAgain_WhenAtMostEightRotationsOvertookARequest()
    {
        var session = Row;
        for (var generation = 6; generation <= 14; generation++) session = Confirmed(session, generation, generation * 10, T0);
        Assert.Equal(SupersededTokens.Most, session.Superseded.Count);
        Assert.IsType<AskAgain>(Decide(session, T0, 6, 60));
        Assert.IsType<Reuse>(Decide(session, T0, 5, 50));
    }

    [Fact]
    public void Decide_AsksAgain_WhateverTheBranch_WhenTheStoreLostTheGeneration()
    {
        var adopted = Confirmed(Rotated, 7, 70, T0.AddSeconds(1));
        Assert.IsType<AskAgain>(Decide(adopted, T0.AddSeconds(5), 6, 60));
        Assert.IsType<AskAgain>(Decide(adopted, T0.AddSeconds(5), 6, 61));
        Assert.IsType<AskAgain>(Decide(adopted, T0.AddSeconds(5), 5, 50));
        Assert.IsType<AskAgain>(Decide(adopted, T0.AddSeconds(5), 4, 40));
        Assert.IsType<Reuse>(Decide(adopted, T0.AddSeconds(5), 5, 51));
        Assert.IsType<Reuse>(Decide(adopted, T0.AddSeconds(11), 6, 60));
    }

    [Fact]
    public void Rotate_KeepsWhatIsWithinSettleOnly()
    {
        Assert.Equal(2, Confirmed(Rotated, 6, 60, T0.AddMilliseconds(9_999)).Superseded.Count);
        Assert.Equal(1, Confirmed(Rotated, 6, 60, T0.AddSeconds(10)).Superseded.Count);
    }

    [Fact]
    public void Rotate_KeepsNothing_WhenTheLogInsFirstTokenIsUsed() =>
        Assert.Equal(default, Confirmed(Row with { Generation = 0, Branch = 0 }, 1, 10, T0).Superseded);
}
