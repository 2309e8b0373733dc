using Symbolon.Authority.Operations;

namespace Symbolon.Authority.Tests.Sessions;

/// <summary>What cannot be undone waits when the clock was set.</summary>
public sealed class SteadyClockTests
{
    private readonly TwoClocks time = new();

    [Fact]
    public void Clock_IsSteady_WhileBothClocksAgree()
    {
        var clock = new SteadyClock(time);
        time.Pass(TimeSpan.FromDays(40));
        Assert.True(clock.IsSteady());
    }

    [Theory]
    [InlineData(15)]
    [InlineData(-15)]
    public void Clock_IsNotSteady_ForAnHourAfterItWasSet(int days)
    {
        var clock = new SteadyClock(time);
        time.Set(TimeSpan.FromDays(days));
        Assert.False(clock.IsSteady());
        time.Pass(TimeSpan.FromMinutes(59));
        Assert.False(clock.IsSteady());
        time.Pass(TimeSpan.FromMinutes(1));
        Assert.True(clock.IsSteady());
    }

    private sealed class TwoClocks : TimeProvider
    {
        private DateTimeOffset wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private TimeSpan monotonic;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => wall;

        public override long GetTimestamp() => monotonic.Ticks;

        public void Pass(TimeSpan length) => (wall, monotonic) = (wall + length, monotonic + length);

        public void Set(TimeSpan by) => wall += by;
    }
}
