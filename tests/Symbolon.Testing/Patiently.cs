using System.Diagnostics;

namespace Symbolon.Testing;

/// <summary>Waits for what another process or task does in its own time, without spinning.</summary>
public static class Patiently
{
    // Never what a test is about: only when to give up.
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks again and again until it is so; fails with <paramref name="what"/>.</summary>
    public static async Task TrueAsync(Func<Task<bool>> isSo, Func<string> what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"{what()} (waited for {Patience})");
            await Task.Delay(Pause);
        }
    }

    /// <summary>The same for what is seen at once.</summary>
    public static Task TrueAsync(Func<bool> isSo, string what) => TrueAsync(() => Task.FromResult(isSo()), () => what);

    /// <summary>The same for a value: waits until there is one.</summary>
    public static async Task<T> SomeAsync<T>(Func<Task<T?>> look, Func<string> what) where T : class
    {
        T? found = null;
        await TrueAsync(async () => (found = await look()) is not null, what);
        return found!;
    }
}
