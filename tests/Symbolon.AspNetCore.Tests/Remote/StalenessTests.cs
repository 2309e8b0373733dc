using Symbolon.AspNetCore.Remote;
using Symbolon.AspNetCore.Tests.Support;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore.Tests.Remote;

public sealed class StalenessTests : IAsyncLifetime
{
    private readonly FiringTime time = new();
    private readonly Tokens keys = new();
    private FakeAuthority authority = null!;

    public async ValueTask InitializeAsync() => (authority = await FakeAuthority.StartAsync(time)).Jwks = keys.Jwks;

    public ValueTask DisposeAsync() => authority.DisposeAsync();

    [Theory]
    [InlineData(1, WhenStale.Deny, "ok")]
    [InlineData(1, WhenStale.Ask, "ok")]
    [InlineData(1, WhenStale.Allow, "ok")]
    [InlineData(30, WhenStale.Deny, "view_stale")]
    [InlineData(30, WhenStale.Ask, "ok_live")]
    [InlineData(30, WhenStale.Allow, "ok")]
    [InlineData(600, WhenStale.Deny, "view_stale")]
    [InlineData(600, WhenStale.Ask, "ok_live")]
    [InlineData(600, WhenStale.Allow, "ok")]
    public async Task Check_IsAsDemanded_WhenTheFeedWasCutForSoLong(int seconds, WhenStale whenStale, string expected)
    {
        await using var verifier = await Verifier.FollowAsync(authority, time, whenStale);
        Cut();

        time.Advance(TimeSpan.FromSeconds(seconds));

        var token = keys.Make(time.GetUtcNow());
        Assert.Equal(expected, await verifier.CheckAsync(token));
        authority.Instead = _ => Task.FromResult(false);
        await Eventually.IsAsync(() => verifier.IsCurrent, "the view is current again", time);
        Assert.Equal("ok", await verifier.CheckAsync(token));
    }

    [Fact]
    public async Task Check_Is503_WhenNeitherFeedNorLiveAnswerIsThere()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time, WhenStale.Ask);
        await authority.DisposeAsync();
        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("view_stale", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
    }

    [Fact]
    public async Task Revoked_StaysRefused_WhenTheFeedIsCut()
    {
        authority.Log.Append(new RevocationEntry(RevocationKind.Session, "s1", 0, ManualTime.T0, ManualTime.T0 + RevocationEntry.Life, "logout"));
        await using var verifier = await Verifier.FollowAsync(authority, time, WhenStale.Allow);
        Cut();
        time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("token_revoked", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
    }

    /// <summary>With acknowledgements each second a bound of one second was broken between two of them, though the feed was whole.</summary>
    [Fact]
    public async Task View_StaysCurrent_WhenTheBoundIsShort()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time, change: options => options with { ShortestStaleness = () => TimeSpan.FromSeconds(1) });
        var first = authority.Acknowledged.Count;
        await Eventually.IsAsync(() => authority.Acknowledged.Count > first, "it was acknowledged", time);
        for (var i = 0; i < 8; i++)
        {
            var before = authority.Acknowledged.Count;
            await Eventually.WithinAsync(() => authority.Acknowledged.Count > before, "it was acknowledged again", time, TimeSpan.FromMilliseconds(250), steps: 3);
        }
    }

    [Theory]
    [InlineData(60, 1)]
    [InlineData(5, 1)]
    [InlineData(4, 1)]
    [InlineData(3, 0.75)]
    [InlineData(1, 0.25)]
    [InlineData(0.2, 0.1)]
    [InlineData(0, 0.1)]
    public void Acknowledgements_ComeFourTimesWithinTheShortestBound(double staleness, double every) =>
        Assert.Equal(TimeSpan.FromSeconds(every), FeedAcknowledger.Every(TimeSpan.FromSeconds(staleness)));

    [Fact]
    public async Task View_AgesWithTheQuestion_NotWithTheAnswer()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        var held = new TaskCompletionSource();
        authority.Instead = async http =>
        {
            if (http.Request.Path == "/revocations/ack") await held.Task;
            return false;
        };
        var acknowledged = authority.Count("POST /revocations/ack");
        await Eventually.IsAsync(() => authority.Count("POST /revocations/ack") > acknowledged, "an acknowledgement is on its way", time);

        time.Advance(TimeSpan.FromSeconds(1.5));
        var before = verifier.Feed.Age;
        held.SetResult();

        await Eventually.IsAsync(() => verifier.Feed.Age < before, "the answer has come");
        Assert.InRange(verifier.Feed.Age, TimeSpan.FromSeconds(1.5), before);
    }

    [Fact]
    public async Task Pause_IsNoticed_AtTheNextCheck()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        Cut();

        time.Advance(TimeSpan.FromSeconds(5.1));

        Assert.Equal("view_stale", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task Entry_IsKeptLongEnough_WhenTheClocksAreApart(int minutes)
    {
        await using var distant = await FakeAuthority.StartAsync(new OffsetTime(time, TimeSpan.FromMinutes(minutes)));
        distant.Jwks = keys.Jwks;
        var until = ManualTime.T0 + TimeSpan.FromMinutes(80);
        distant.Log.Append(new RevocationEntry(RevocationKind.Session, "s1", 0, ManualTime.T0, until, "logout"));
        await using var verifier = await Verifier.FollowAsync(distant, time);

        time.Advance(TimeSpan.FromMinutes(77)); // passed for the one that is ahead, not for the other
        await Eventually.PassAsync(time, TimeSpan.FromSeconds(15));
        Assert.Equal(1, verifier.Feed.View.Denylist.Count);

        time.Advance(TimeSpan.FromMinutes(10));
        await Eventually.IsAsync(() => verifier.Feed.View.Denylist.Count == 0, "it has passed for both", time);
    }

    [Fact]
    public async Task Authority_HearsOfReceiptsAtOnce_AndOfLeaving()
    {
        var verifier = await Verifier.FollowAsync(authority, time, WhenStale.Ask);
        var acknowledged = authority.Acknowledged.Count;
        authority.Log.SendAll("event: receipt\ndata: {\"seq\":0}\n\n");
        await Eventually.IsAsync(() => authority.Acknowledged.Count > acknowledged, "it was acknowledged without time passing");

        await verifier.Remote.StopAsync(CancellationToken.None);

        var last = authority.Acknowledged.Last();
        Assert.True(last.GetProperty("leaving").GetBoolean());
        Assert.Equal(("orders", "t1", 0L, 5.0, "ask"), (last.GetProperty("verifier").GetString()!, last.GetProperty("timeline").GetString()!, last.GetProperty("seq").GetInt64(), last.GetProperty("max_staleness").GetDouble(), last.GetProperty("when_stale").GetString()!));
        Assert.All(authority.Acknowledged.SkipLast(1), one => Assert.False(one.TryGetProperty("leaving", out _)));
        Assert.Single(authority.Acknowledged.Select(one => one.GetProperty("instance").GetString()).Distinct());
        await verifier.DisposeAsync();
    }

    [Fact]
    public async Task Token_IsRenewed_BeforeItExpires_AndWhenItIsRefused()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        Assert.Equal(1, authority.Count("POST /oauth/token"));

        time.Advance(TimeSpan.FromSeconds(8 * 60 + 1)); // 80 % of ten minutes
        await Eventually.IsAsync(() => authority.Count("POST /oauth/token") == 2, "another token was asked for", time);

        await Eventually.PassAsync(time, TimeSpan.FromSeconds(2));
        authority.Instead = http =>
        {
            if (http.Request.Headers.Authorization != "Bearer token-2") return Task.FromResult(false);
            http.Response.StatusCode = 401;
            return Task.FromResult(true);
        };
        await Eventually.IsAsync(() => authority.Count("POST /oauth/token") == 3 && verifier.IsCurrent, "the refused one was replaced", time);
        await Eventually.PassAsync(time, TimeSpan.FromSeconds(3));
        Assert.Equal(3, authority.Count("POST /oauth/token"));
    }

    [Fact]
    public async Task Token_IsNotAskedForEndlessly_WhenEveryOneIsRefused()
    {
        authority.Instead = http =>
        {
            if (!http.Request.Path.StartsWithSegments("/revocations", StringComparison.Ordinal)) return Task.FromResult(false);
            http.Response.StatusCode = 401;
            return Task.FromResult(true);
        };
        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        await Eventually.PassAsync(time, TimeSpan.FromSeconds(10));

        Assert.InRange(authority.Count("POST /oauth/token"), 1, 12);
    }

    private void Cut()
    {
        authority.Instead = http =>
        {
            if (!http.Request.Path.StartsWithSegments("/revocations", StringComparison.Ordinal)) return Task.FromResult(false);
            http.Abort();
            return Task.FromResult(true);
        };
        authority.Log.CutStreams();
    }
}
