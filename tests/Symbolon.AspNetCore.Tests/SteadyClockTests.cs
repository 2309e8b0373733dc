using Symbolon.Testing;

namespace Symbolon.AspNetCore.Tests;

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

    [Fact]
    public void Clock_IsNotSteady_InItsFirstHour_WhenItIsNotTrusted()
    {
        var clock = new SteadyClock(time, isTrusted: false);
        time.Pass(TimeSpan.FromMinutes(59));
        Assert.False(clock.IsSteady());
        time.Pass(TimeSpan.FromMinutes(1));
        Assert.True(clock.IsSteady());
    }
}
