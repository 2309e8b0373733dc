namespace Symbolon.Testing;

/// <summary>A wall clock that can be set, beside a monotonic one that cannot. Timers never fire.</summary>
public sealed class TwoClocks : TimeProvider
{
    private DateTimeOffset wall = ManualTime.T0;
    private TimeSpan monotonic;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => wall;

    /// <inheritdoc/>
    public override long GetTimestamp() => monotonic.Ticks;

    /// <summary>Time passes.</summary>
    public void Pass(TimeSpan length) => (wall, monotonic) = (wall + length, monotonic + length);

    /// <summary>The wall clock is set.</summary>
    public void Set(TimeSpan by) => wall += by;
}
