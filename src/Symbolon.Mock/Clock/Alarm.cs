namespace Symbolon.Mock.Clock;

/// <summary>A timer of <see cref="MockClock"/>: a real one for the rest of its time, looked at again whenever the clock is turned on.</summary>
internal sealed class Alarm : ITimer
{
    // The longest that a system timer takes, in milliseconds.
    private const double Longest = 0xfffffffe;
    private readonly Lock gate = new();
    private readonly MockClock clock;
    private readonly Action fire;
    private readonly ITimer timer;
    private long? dueAt;
    private TimeSpan period;

    public Alarm(MockClock clock, TimeProvider real, Action fire)
    {
        (this.clock, this.fire) = (clock, fire);
        timer = real.CreateTimer(static alarm => ((Alarm)alarm!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When it fires, by the monotonic clock.</summary>
    public long DueAt
    {
        get
        {
            lock (gate) return dueAt ?? long.MaxValue;
        }
    }

    /// <summary>Fires if it is due; else waits for the rest.</summary>
    public void Look()
    {
        lock (gate)
        {
            if (dueAt is not { } due) return;
            var rest = clock.GetElapsedTime(clock.GetTimestamp(), due);
            if (rest > TimeSpan.Zero)
            {
                Wait(rest);
                return;
            }

            if (period > TimeSpan.Zero)
            {
                dueAt = clock.GetTimestamp() + Ticks(period);
                Wait(period);
            }
            else
            {
                dueAt = null;
                clock.Watch(this, isSet: false);
            }
        }

        fire();
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            this.period = period;
            dueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock.GetTimestamp() + Ticks(dueTime);
            clock.Watch(this, dueAt is not null);
            return dueAt is null ? timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) : Wait(dueTime);
        }
    }

    public void Dispose()
    {
        Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return timer.DisposeAsync();
    }

    // A system timer may fire a moment early by the finer clock: it then looks again a millisecond later.
    private bool Wait(TimeSpan rest) =>
        timer.Change(TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(rest.TotalMilliseconds), Longest)), Timeout.InfiniteTimeSpan);

    private long Ticks(TimeSpan length) => (long)(length.TotalSeconds * clock.TimestampFrequency);
}
