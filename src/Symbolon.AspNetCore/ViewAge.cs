namespace Symbolon.AspNetCore;

/// <summary>The age of a view: the time since the moment at which it was last known to be current. Thread-safe.</summary>
internal sealed class ViewAge(TimeProvider time)
{
    private volatile Moment? current;

    /// <summary>Now: to be taken before the question is sent whose answer may say that the view is current.</summary>
    public Moment Mark() => Moment.Of(time);

    /// <summary>The view was current at that moment. An older one than is known changes nothing.</summary>
    public void SetCurrentAt(Moment mark)
    {
        while (current is var known && (known is null || known.Monotonic < mark.Monotonic))
        {
            if (Interlocked.CompareExchange(ref current, mark, known) == known) return;
        }
    }

    /// <summary>The moment at which the view was last known to be current; null when it never was.</summary>
    public Moment? CurrentAt => current;

    /// <summary>The age; <see cref="TimeSpan.MaxValue"/> when the view was never current.</summary>
    public TimeSpan Value => current is { } moment ? moment.Age(time) : TimeSpan.MaxValue;
}
