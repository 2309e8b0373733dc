namespace Symbolon.AspNetCore;

/// <summary>A moment by both clocks, to be taken before a question is sent: what is answered is then at most as old as the moment.</summary>
/// <remarks>The age is the larger of two: the monotonic clock may stand still while the machine sleeps, the wall clock may be set back.</remarks>
internal sealed record Moment(long Monotonic, DateTimeOffset Wall)
{
    /// <summary>Now.</summary>
    public static Moment Of(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>How long ago it was.</summary>
    public TimeSpan Age(TimeProvider time)
    {
        var (monotonic, wall) = (time.GetElapsedTime(Monotonic), time.GetUtcNow() - Wall);
        return monotonic > wall ? monotonic : wall;
    }
}
