namespace Symbolon.Testing;

/// <summary>A clock that stands until it is turned, and whose timers then fire in order. For tests of what works in the background; others take <see cref="ManualTime"/>.</summary>
public sealed class FiringTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Alarm> alarms = [];
    private long ticks = ManualTime.T0.Ticks;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    /// <summary>Turns it, from one timer that is due to the next.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (Next(end) is { } alarm) alarm.Fire();
        Interlocked.Exchange(ref ticks, end);
    }

    /// <summary>Turns it step by step until something is done: whoever works in the background needs real time as well.</summary>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> done, TimeSpan step, int most = 1000)
    {
        for (var i = 0; i < most && !done.IsCompleted; i++)
        {
            Advance(step);
            await Task.WhenAny(done, Task.Delay(Pause));
        }

        return await done.WaitAsync(Patience);
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    private static TimeSpan Pause => TimeSpan.FromMilliseconds(10);

    // Never what a test is about: only when to give up.
    private static TimeSpan Patience => TimeSpan.FromSeconds(30);

    private Alarm? Next(long end)
    {
        lock (gate)
        {
            var next = alarms.Where(alarm => alarm.DueAt <= end).MinBy(alarm => alarm.DueAt);
            if (next is null) return null;
            if (next.DueAt > ticks) Interlocked.Exchange(ref ticks, next.DueAt);
            if (next.Period > TimeSpan.Zero) next.DueAt += next.Period.Ticks;
            else alarms.Remove(next);
            return next;
        }
    }

    private sealed class Alarm(FiringTime time, Action fire) : ITimer
    {
        public long DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.alarms.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                (DueAt, Period) = (time.ticks + dueTime.Ticks, period);
                time.alarms.Add(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
