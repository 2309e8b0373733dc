using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.Tests.Revocations;

public sealed class InProcessRevocationFeedTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(24)] // the log's clock was set ahead
    public void Entry_IsKept_WhileItHasNotPassedByTheEarlierOfTwoClocks(double logHoursAhead)
    {
        var time = new ManualTime();
        var feed = new InProcessRevocationFeed(time);
        var now = time.GetUtcNow();
        var entry = RevocationEntry.OfSession(new SessionId(Guid.NewGuid()), EndReason.Logout, now);

        Assert.True(feed.Take(new RevocationPage("t1", null, 1, 1, now.AddHours(logHoursAhead), [new LoggedRevocation(1, entry)]), feed.Mark()));

        Assert.Equal(1, feed.View.Denylist.Count);
        time.Advance(TimeSpan.FromHours(24));
        Assert.True(feed.Take(new RevocationPage("t1", 1, 1, 1, now.AddHours(24), []), feed.Mark()));
        Assert.Equal(0, feed.View.Denylist.Count);
    }
}
