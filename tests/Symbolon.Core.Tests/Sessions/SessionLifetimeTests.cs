using static Symbolon.Some;

namespace Symbolon.Sessions;

/// <summary>The two ends of a session: DESIGN §4; ASVS 5.0 7.3.1, 7.3.2.</summary>
public sealed class SessionLifetimeTests
{
    private static readonly SessionLifetime Lifetime = SessionLifetime.Default;

    [Fact]
    public void Start_Lasts14And90Days_WhenRemembered() =>
        Assert.Equal((T0.AddDays(14), T0.AddDays(90)), Lifetime.Start(T0, remember: true));

    [Fact]
    public void Start_Lasts12Hours_WhenNotRemembered() =>
        Assert.Equal((T0.AddHours(12), T0.AddHours(12)), Lifetime.Start(T0, remember: false));

    [Fact]
    public void Extend_MovesInactivity_WhenFarFromTheEnd() => Assert.Equal(T0.AddDays(16), Lifetime.Extend(Row, T0.AddDays(2)));

    [Fact]
    public void Extend_StopsAtTheAbsoluteEnd_WhenNear() => Assert.Equal(Row.EndsAt, Lifetime.Extend(Row, Row.EndsAt.AddDays(-1)));

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, EndReason.Inactivity)]
    public void Expiry_IsInactivity_WhenNowReachesExpiresAt(int milliseconds, EndReason? reason) =>
        Assert.Equal(reason, SessionLifetime.Expiry(Row, Row.ExpiresAt.AddMilliseconds(milliseconds)));

    [Fact]
    public void Expiry_IsAbsolute_WhenNowReachesEndsAt() =>
        Assert.Equal(EndReason.AbsoluteLifetime, SessionLifetime.Expiry(Row, Row.EndsAt));

    [Fact]
    public void AccessTokenEnd_IsInWholeSeconds_WhenLifetimeIsNot() =>
        Assert.Equal(T0.AddMinutes(10), SessionLifetime.AccessTokenEnd(Row, T0.AddMilliseconds(1), new TimeSpan(0, 0, 10, 0, 900)));

    [Fact]
    public void AccessTokenEnd_NeverLiesBehindTheSessionsEnd()
    {
        var soon = Row with { ExpiresAt = T0.AddSeconds(90), EndsAt = T0.AddSeconds(95) };
        Assert.Equal(T0.AddSeconds(90), SessionLifetime.AccessTokenEnd(soon, T0, TimeSpan.FromMinutes(10)));
        Assert.Equal(T0.AddSeconds(95), SessionLifetime.AccessTokenEnd(soon with { ExpiresAt = soon.EndsAt }, T0, TimeSpan.FromMinutes(10)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AccessTokenEnd_LiesBehindNow_WhenTheSessionIsInItsLastSecond(bool remember)
    {
        // exp and iat are whole seconds, and exp > iat: a session that ended within a second would give a token that nobody accepts.
        var (expiresAt, endsAt) = Lifetime.Start(T0.AddMilliseconds(789), remember);
        var last = Row with { ExpiresAt = expiresAt, EndsAt = endsAt };
        var now = expiresAt.AddMilliseconds(-1);
        var end = SessionLifetime.AccessTokenEnd(last, now, TimeSpan.FromMinutes(10));
        Assert.True(end.ToUnixTimeSeconds() > now.ToUnixTimeSeconds());
        Assert.Equal(0, end.Millisecond);
        Assert.Equal(0, Lifetime.Extend(last, T0.AddMilliseconds(5)).Millisecond);
    }
}
