using System.Diagnostics;

namespace Symbolon.AspNetCore.Tests.Support;

/// <summary>Waits for what works in the background, by looking; and turns a clock meanwhile where one is given.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5), Patience = TimeSpan.FromSeconds(20), Settled = TimeSpan.FromSeconds(3), Step = TimeSpan.FromMilliseconds(50);

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

    /// <summary>Requires it to be so before a clock has been turned further than this. Turned in steps, each with real time for what works in the background: it may not have set its timer when the first is made.</summary>
    public static async Task WithinAsync(Func<bool> so, string what, FiringTime time, TimeSpan step, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            time.Advance(step);
            var since = Stopwatch.GetTimestamp();
            while (!so() && Stopwatch.GetElapsedTime(since) < Settled) await Task.Delay(Pause);
            if (so()) return;
        }

        Assert.Fail($"{steps * step} passed before {what}.");
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
