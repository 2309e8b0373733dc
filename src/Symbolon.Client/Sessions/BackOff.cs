namespace Symbolon.Client.Sessions;

/// <summary>When the authority may be asked again after failures: at most one try for each step, steps that double, the wait within a step left to chance (full jitter).</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan limit, TimeProvider time)
{
    private int failures;
    private volatile Step? last; // read without a lock

    /// <summary>Whether the last try did not work.</summary>
    public bool HasFailed => last is not null;

    /// <summary>What is left to wait; zero or less: ask.</summary>
    public TimeSpan Left => last is { } step ? step.Wait - time.GetElapsedTime(step.At) : TimeSpan.Zero;

    /// <summary>It did not work.</summary>
    /// <param name="atLeast">What the authority asked for.</param>
    /// <returns>The wait.</returns>
    public TimeSpan Failed(TimeSpan? atLeast)
    {
        var step = Math.Min(limit.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(failures++, 30)));
        var wait = TimeSpan.FromMilliseconds(step * Random.Shared.NextDouble());
        if (atLeast > wait) wait = atLeast.Value;
        last = new Step(time.GetTimestamp(), wait);
        return wait;
    }

    /// <summary>It worked.</summary>
    public void Succeeded() => (failures, last) = (0, null);

    private sealed record Step(long At, TimeSpan Wait);
}
