namespace Symbolon.AspNetCore;

/// <summary>Notices a wall clock that is set while the program runs: it and the monotonic clock then disagree. What cannot be undone waits until they have agreed for a while.</summary>
/// <param name="time">The clocks.</param>
/// <param name="isTrusted">Whether it counts as steady from the start.</param>
internal sealed class SteadyClock(TimeProvider time, bool isTrusted = true)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1), Wait = TimeSpan.FromHours(1);
    private DateTimeOffset wall = time.GetUtcNow();
    private long monotonic = time.GetTimestamp();
    private long? disturbedAt = isTrusted ? null : time.GetTimestamp();

    /// <summary>Whether the clock has not been set within the last hour.</summary>
    public bool IsSteady()
    {
        var (nowWall, nowMonotonic) = (time.GetUtcNow(), time.GetTimestamp());
        if ((nowWall - wall - time.GetElapsedTime(monotonic, nowMonotonic)).Duration() > Tolerance) disturbedAt = nowMonotonic;
        (wall, monotonic) = (nowWall, nowMonotonic);
        return disturbedAt is not { } since || time.GetElapsedTime(since, nowMonotonic) >= Wait;
    }
}
