namespace Symbolon.Mock.Clock;

/// <summary>The clock that access tokens are verified by: the mock's, and for the tokens that <see cref="ExpiryMarks"/> knows as if it were later already. So it is the engine that finds them expired, by its own rule and in its own words.</summary>
internal sealed class VerificationClock(MockClock clock) : TimeProvider
{
    private readonly AsyncLocal<TimeSpan> later = new();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + later.Value;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);

    /// <summary>For the rest of this request, verifies as if it were so much later.</summary>
    public void BeLaterBy(TimeSpan length) => later.Value = length;
}
