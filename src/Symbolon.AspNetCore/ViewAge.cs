namespace Symbolon.AspNetCore;

/// <summary>The age of a view: the time since the moment at which it was last known to be current. Thread-safe.</summary>
/// <remarks>The larger of two clocks: the monotonic one may stand still while the machine sleeps, the wall clock may be set back.</remarks>
internal sealed class ViewAge(TimeProvider time)
{
    private sealed record Moment(long Monotonic, DateTimeOffset Wall);

    private volatile Moment? current;

    /// <summary>Now: to be taken before the question is sent whose answer may say that the view is current.</summary>
    public object Mark() => new Moment(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>The view was current at that moment. An older one than is known changes nothing.</summary>
    public void SetCurrentAt(object mark)
    {
        var moment = (Moment)mark;
        while (current is var known && (known is null || known.Monotonic < moment.Monotonic))
        {
            if (Interlocked.CompareExchange(ref current, moment, known) == known) return;
        }
    }

    /// <summary>The age; <see cref="TimeSpan.MaxValue"/> when the view was never current.</summary>
    public TimeSpan Value
    {
        get
        {
            if (current is not { } moment) return TimeSpan.MaxValue;
            var (monotonic, wall) = (time.GetElapsedTime(moment.Monotonic), time.GetUtcNow() - moment.Wall);
            return monotonic > wall ? monotonic : wall;
        }
    }
}
