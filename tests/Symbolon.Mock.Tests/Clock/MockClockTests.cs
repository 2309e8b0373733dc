namespace Symbolon.Mock.Tests.Clock;

public class MockClockTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);
    private readonly MockClock clock = new(TimeProvider.System);

    [Fact]
    public void Advance_FiresATimerOnce_HoweverOftenItWasDue()
    {
        var fired = 0;
        using var timer = clock.CreateTimer(_ => fired++, state: null, Soon, Soon);
        clock.Advance(Soon / 2);
        Assert.Equal(0, fired);
        clock.Advance(TimeSpan.FromDays(14));
        Assert.Equal(1, fired);
        clock.Advance(Soon);
        Assert.Equal(2, fired);
    }

    [Fact]
    public void Advance_FiresInOrder()
    {
        var order = new List<int>();
        using var second = clock.CreateTimer(_ => order.Add(2), state: null, 2 * Soon, Timeout.InfiniteTimeSpan);
        using var first = clock.CreateTimer(_ => order.Add(1), state: null, Soon, Timeout.InfiniteTimeSpan);
        clock.Advance(3 * Soon);
        Assert.Equal([1, 2], order);
    }

    [Fact]
    public async Task Timers_FireByRealTimeToo()
    {
        var fired = new TaskCompletionSource();
        await using var timer = clock.CreateTimer(_ => fired.TrySetResult(), state: null, TimeSpan.FromMilliseconds(20), Timeout.InfiniteTimeSpan);
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void DisposedTimer_DoesNotFire()
    {
        var fired = 0;
        clock.CreateTimer(_ => fired++, state: null, Soon, Soon).Dispose();
        clock.Advance(2 * Soon);
        Assert.Equal(0, fired);
    }

    [Fact]
    public void Set_TurnsWallTimeBack_AndTheMonotonicClockNever()
    {
        var (wall, monotonic) = (clock.Now, clock.GetTimestamp());
        clock.Set(wall - TimeSpan.FromDays(365));
        Assert.True(clock.Now < wall - TimeSpan.FromDays(364));
        Assert.True(clock.GetTimestamp() >= monotonic);
        clock.Set(wall + TimeSpan.FromDays(365));
        Assert.True(clock.GetElapsedTime(monotonic) >= TimeSpan.FromDays(365));
    }

    [Fact]
    public void Advance_Refuses_WhatIsNegativeOrBeyondAllBounds()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(-Soon));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromDays(40_000)));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Set(DateTimeOffset.MinValue.AddDays(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Set(DateTimeOffset.UnixEpoch - Soon)); // ids of sessions have no instant before it
        clock.Set(DateTimeOffset.UnixEpoch);
    }
}
