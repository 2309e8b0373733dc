using Symbolon.Mock.Clock;

namespace Symbolon.Mock;

/// <summary>The clock of a mock: the system's, turned on or back by whoever tests. Lifetimes, sweeping, rotation of keys and every timer of the engine go by it.</summary>
/// <remarks>
/// The monotonic clock follows forward moves only, as no clock of its kind goes back. A timer whose time is passed fires at once, and only once however often it would have fired: as after the
/// sleep of a computer. So turning it on by years takes no longer than by seconds.
/// </remarks>
public sealed class MockClock : TimeProvider
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(36_500);

    /// <summary>How far it can be turned, for messages.</summary>
    internal const string Bounds = "The clock can be turned by 36,500 days at the most, and not to before 1970.";

    private readonly Lock gate = new();
    private readonly HashSet<Alarm> alarms = [];
    private readonly TimeProvider real;
    private long offset, skipped;

    internal MockClock(TimeProvider real) => this.real = real;

    /// <summary>Now, by this clock.</summary>
    public DateTimeOffset Now => GetUtcNow();

    /// <summary>How far it is ahead of the system's clock.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref offset));

    /// <inheritdoc/>
    public override long TimestampFrequency => real.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + Offset;

    /// <inheritdoc/>
    public override long GetTimestamp() => real.GetTimestamp() + Interlocked.Read(ref skipped);

    /// <summary>Turns it on. When this returns, the timers whose time was passed have fired; what they started may go on.</summary>
    /// <param name="by">0 to 36,500 days; to turn it back, <see cref="Set"/> it.</param>
    public void Advance(TimeSpan by)
    {
        if (by < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(by), by, "A clock advances forwards; set it to turn it back.");
        Turn(_ => by);
    }

    /// <summary>Sets it. Back: wall time alone moves, as when a computer's clock is corrected.</summary>
    /// <param name="now">The instant, within 36,500 days of the system's clock, and not before 1970: tokens and ids count from there.</param>
    public void Set(DateTimeOffset now) => Turn(current => now - current);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var context = ExecutionContext.Capture(); // as timers do: a callback sees what its maker saw, whoever turns the clock
        var alarm = new Alarm(this, real, context is null ? () => callback(state) : () => ExecutionContext.Run(context, on => callback(on), state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>As at the start: it goes by the system's clock again. The monotonic clock stays where it is.</summary>
    internal void Reset() => Interlocked.Exchange(ref offset, 0);

    /// <summary>What is to be forgotten when wall time is turned back. Must not look at the clock.</summary>
    internal Action? OnTurnedBack { private get; set; }

    internal void Watch(Alarm alarm, bool isSet)
    {
        lock (gate)
        {
            if (isSet) alarms.Add(alarm);
            else alarms.Remove(alarm);
        }
    }

    private void Turn(Func<DateTimeOffset, TimeSpan> choose)
    {
        Alarm[] all;
        lock (gate)
        {
            var now = GetUtcNow();
            var by = choose(now);
            if ((Offset + by).Duration() > Most || now + by < DateTimeOffset.UnixEpoch) throw new ArgumentOutOfRangeException(nameof(choose), by, Bounds);
            Interlocked.Add(ref offset, by.Ticks);
            if (by < TimeSpan.Zero)
            {
                OnTurnedBack?.Invoke();
                return;
            }

            Interlocked.Add(ref skipped, (long)(by.TotalSeconds * TimestampFrequency));
            all = [.. alarms];
        }

        // Outside the gate: a callback may set timers, or look at the clock.
        foreach (var alarm in all.OrderBy(alarm => alarm.DueAt)) alarm.Look();
    }
}
