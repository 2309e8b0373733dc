namespace Symbolon.AspNetCore.Remote;

/// <summary>How long to wait before the next attempt: doubled each time up to a limit, and jittered, so that verifiers do not come back all at once.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan limit, TimeProvider time)
{
    private int failures;

    /// <summary>It works: the next attempt is at once, and then it begins with the first wait again.</summary>
    public void Reset() => failures = -1;

    /// <summary>Waits, each time longer.</summary>
    public Task WaitAsync(CancellationToken ct) => Task.Delay(Next(), time, ct);

    /// <summary>The next wait: between half of it and all of it.</summary>
    public TimeSpan Next()
    {
        if (failures++ < 0) return TimeSpan.Zero;
        var full = Math.Min(limit.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 20)));
        return TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
