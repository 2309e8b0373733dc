using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.AspNetCore.Remote;
using Symbolon.AspNetCore.Tests.Support;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore.Tests.Remote;

public sealed class RemoteFeedTests
{
    private readonly TwoClocks time = new();

    [Theory] // regression: authority and verifier on one machine, whose clock is ahead for a moment
    [InlineData(0)]
    [InlineData(2)]
    public async Task Hear_DropsNothing_WhenBothClocksAreAheadForAMoment(int hoursAfterStart)
    {
        var demand = new RouteDemand(SymbolonMode.Revocable, TimeSpan.FromSeconds(5), WhenStale.Deny);
        await using var sources = RemoteSources.Create(Verifier.Options("http://127.0.0.1:1", demand), time, NullLoggerFactory.Instance, new SymbolonMetrics(new Verifier.Meters()));
        var feed = sources.Feed!;
        Assert.True(feed.Take(new RevocationPage("t", null, 0, 0, time.GetUtcNow(), []), 0));
        Pass(hoursAfterStart * 60);
        Assert.True(feed.Take(new LoggedRevocation(1, RevocationEntry.OfToken("jti", time.GetUtcNow())), "t"));

        time.Set(TimeSpan.FromHours(2));
        Pass(1);
        time.Set(TimeSpan.FromHours(-2));
        Pass(1);
        Assert.Equal(1, feed.View.Denylist.Count);

        Pass(123); // an hour in which the clocks agree, and the entry has passed for the authority as well
        Assert.Equal(0, feed.View.Denylist.Count);

        void Pass(int minutes)
        {
            for (var i = 0; i < minutes; i++)
            {
                time.Pass(TimeSpan.FromMinutes(1));
                feed.Hear(time.GetUtcNow());
            }
        }
    }
}
