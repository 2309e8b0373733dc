using System.Diagnostics;

namespace Symbolon.AspNetCore.Tests.Support;

/// <summary>Waits for what works in the background, by looking; and turns a clock meanwhile where one is given.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5), Patience = TimeSpan.FromSeconds(20), Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until it is so.</summary>
    public static async Task IsAsync(Func<bool> so, string what, FiringTime? time = null)
    {
        var since = Stopwatch.GetTimestamp();
        while (!so())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"Waited in vain until {what}.");
            time?.Advance(Step);
            await Task.Delay(Pause);
        }
    }

    /// <summary>Turns a clock while what works in the background has time to do it.</summary>
    public static async Task PassAsync(FiringTime time, TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += Step)
        {
            time.Advance(Step);
            await Task.Delay(Pause);
        }
    }
}
