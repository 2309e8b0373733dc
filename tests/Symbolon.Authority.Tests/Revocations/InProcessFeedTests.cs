using Symbolon.Revocation;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary>What the verifier in the authority's process holds.</summary>
public sealed class InProcessFeedTests
{
    private readonly TwoClocks time = new();
    private readonly InProcessRevocationFeed feed;

    public InProcessFeedTests() => feed = new(time);

    [Theory] // regression: what was dropped then was accepted again until it expired
    [InlineData(0)]
    [InlineData(5)]
    public void Take_DropsNothing_WhenTheClockIsAheadForAMoment(int hoursAfterStart)
    {
        Pass(TimeSpan.FromHours(hoursAfterStart));
        Take(Revoked());
        time.Set(TimeSpan.FromHours(2));
        Take();
        time.Set(TimeSpan.FromHours(-2));
        Take();

        Assert.Equal(1, feed.View.Denylist.Count);
    }

    [Fact]
    public void Take_DropsNothing_WhenTheClockWasAheadAtTheStart()
    {
        time.Set(TimeSpan.FromHours(2));
        Take(new LoggedRevocation(1, RevocationEntry.OfToken("t", ManualTime.T0)));
        time.Set(TimeSpan.FromHours(-2));
        Take();

        Assert.Equal(1, feed.View.Denylist.Count);
    }

    [Fact]
    public void Take_DropsWhatHasPassed_WhenTheClockIsSteady()
    {
        Take(Revoked());
        Pass(RevocationEntry.Life + TimeSpan.FromMinutes(1));
        Take();

        Assert.Equal(0, feed.View.Denylist.Count);
    }

    // The follower reads each second.
    private void Pass(TimeSpan length)
    {
        for (var passed = TimeSpan.Zero; passed < length; passed += TimeSpan.FromMinutes(1))
        {
            Take();
            time.Pass(TimeSpan.FromMinutes(1));
        }
    }

    private LoggedRevocation Revoked() => new(feed.View.Seq + 1, RevocationEntry.OfToken("t", time.GetUtcNow()));

    private void Take(params LoggedRevocation[] entries)
    {
        var since = feed.View.Timeline is null ? (long?)null : feed.View.Seq;
        var seq = feed.View.Seq + entries.Length;
        Assert.True(feed.Take(new RevocationPage("t", since, seq, seq, time.GetUtcNow(), entries), feed.Mark()));
    }
}
