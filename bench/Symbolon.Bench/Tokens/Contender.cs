using System.Runtime.InteropServices;

namespace Symbolon.Bench.Tokens;

/// <summary>One thing to measure, and what was measured of it: processor time of this thread, and bytes allocated.</summary>
internal sealed partial class Contender(string name, Action run)
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    private readonly List<double> nanoseconds = [];
    private int repeats = 1;

    public string Name => name;

    public long Allocated { get; private set; }

    public double Nanoseconds => Report.Median(nanoseconds);

    /// <summary>Runs until the compiler is done with it, and finds how often it fits into a slice.</summary>
    public void WarmUp(TimeSpan time, TimeSpan slice)
    {
        var (count, from) = (0, Now());
        for (; Now() - from < time.TotalNanoseconds; count++) run();
        repeats = Math.Max(1, (int)(count * (slice / time)));
    }

    public void Measure()
    {
        var (bytes, from) = (GC.GetAllocatedBytesForCurrentThread(), Now());
        for (var i = 0; i < repeats; i++) run();
        nanoseconds.Add((double)(Now() - from) / repeats);
        Allocated = (GC.GetAllocatedBytesForCurrentThread() - bytes) / repeats;
    }

    /// <summary>The median of the ratios of rounds: what slows the machine down for a moment slows both.</summary>
    public double RatioTo(Contender other) => Report.Median(nanoseconds.Zip(other.nanoseconds, (mine, theirs) => mine / theirs));

    private static long Now()
    {
        if (ClockGetTime(ThreadCpuTime, out var time) != 0) throw new InvalidOperationException("The thread's clock cannot be read.");
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
