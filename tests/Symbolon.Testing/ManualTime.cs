namespace Symbolon.Testing;

/// <summary>A clock that stands until it is turned, the monotonic one with it. Its timers never fire: background work runs only where a test asks for it.</summary>
public sealed class ManualTime : TimeProvider
{
    /// <summary>Where it stands at first.</summary>
    public static readonly DateTimeOffset T0 = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private long ticks = T0.Ticks;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    /// <summary>Called after each turn, for a clock elsewhere that goes with this one.</summary>
    public Action? Turned { get; set; }

    /// <summary>Turns it.</summary>
    public void Advance(TimeSpan by)
    {
        Interlocked.Add(ref ticks, by.Ticks);
        Turned?.Invoke();
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Still();

    private sealed class Still : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
