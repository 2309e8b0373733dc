using Symbolon.Testing;

namespace Symbolon.Client.Tests.Support;

/// <summary>A machine whose wall clock may be set, or that may sleep while its monotonic clock stands still; timers follow the monotonic one.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private readonly FiringTime steady = new();
    private long shift;

    public override long TimestampFrequency => steady.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => steady.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref shift));

    public override long GetTimestamp() => steady.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => steady.CreateTimer(callback, state, dueTime, period);

    /// <summary>Time passes.</summary>
    public void Pass(TimeSpan length) => steady.Advance(length);

    /// <summary>The wall clock alone moves: it was set, or the machine slept.</summary>
    public void Shift(TimeSpan by) => Interlocked.Add(ref shift, by.Ticks);
}
