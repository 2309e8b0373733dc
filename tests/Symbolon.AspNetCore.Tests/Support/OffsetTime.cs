namespace Symbolon.AspNetCore.Tests.Support;

/// <summary>Another clock that is wrong by so much; time passes as on it.</summary>
internal sealed class OffsetTime(TimeProvider other, TimeSpan by) : TimeProvider
{
    public override long TimestampFrequency => other.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => other.GetUtcNow() + by;

    public override long GetTimestamp() => other.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => other.CreateTimer(callback, state, dueTime, period);
}
