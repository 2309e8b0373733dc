namespace Symbolon.AspNetCore.Remote;

/// <summary>How long to wait before the next attempt: doubled each time up to a limit, and jittered, so that verifiers do not come back all at once.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan limit, TimeProvider time)
{
    private int failures;

    /// <summary>Begins with the first wait again.</summary>
    public void Reset() => failures = 0;

    /// <summary>Waits, each time longer.</summary>
    public Task WaitAsync(CancellationToken ct) => Task.Delay(Next(), time, ct);

    /// <summary>The next wait: between half of it and all of it.</summary>
    public TimeSpan Next()
    {
        var full = Math.Min(limit.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(failures++, 20)));
        return TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
