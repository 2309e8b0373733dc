using System.Runtime.InteropServices;

namespace Symbolon.Bench.Tokens;

/// <summary>One thing to measure, and what was measured of it: processor time of this thread, and bytes allocated.</summary>
/// <param name="name">What it is called in the table.</param>
/// <param name="run">One run.</param>
/// <param name="prepare">What comes before each batch of runs and is not measured.</param>
/// <param name="batch">How many runs one preparation is for.</param>
internal sealed partial class Contender(string name, Action run, Action? prepare = null, int batch = int.MaxValue)
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
        var (count, spent, some) = (0L, 0L, 1);
        while (spent < time.TotalNanoseconds)
        {
            spent += Batch(some);
            count += some;
            some = Math.Min(2 * some, Math.Min(batch, 1024));
        }

        repeats = (int)Math.Max(1, count * (slice.TotalNanoseconds / spent));
    }

    public void Measure()
    {
        var (spent, left) = (0L, repeats);
        Allocated = 0;
        for (; left > 0; left -= Math.Min(left, batch)) spent += Batch(Math.Min(left, batch));
        nanoseconds.Add((double)spent / repeats);
        Allocated /= repeats;
    }

    private long Batch(int runs)
    {
        prepare?.Invoke();
        var (bytes, from) = (GC.GetAllocatedBytesForCurrentThread(), Now());
        for (var i = 0; i < runs; i++) run();
        var spent = Now() - from;
        Allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
        return spent;
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
