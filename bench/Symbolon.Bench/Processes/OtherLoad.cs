using System.Diagnostics;

namespace Symbolon.Bench.Processes;

/// <summary>How much of the processors went to programs that are not being measured: rates mean less the more it is.</summary>
/// <param name="measured">The processor time so far of the processes that are measured; this one's is known.</param>
internal sealed class OtherLoad(IReadOnlyList<Func<TimeSpan>> measured)
{
    private const int TicksPerSecond = 100; // USER_HZ of Linux
    private const string Accounting = "/proc/stat";

    private readonly (double Busy, double Ours, Stopwatch Watch) from = (Busy(), Ours(measured), Stopwatch.StartNew());

    /// <summary>The share since this was made, 0 to 1.</summary>
    public double Share() => Math.Max(0, (Busy() - from.Busy - (Ours(measured) - from.Ours)) / (from.Watch.Elapsed.TotalSeconds * Environment.ProcessorCount));

    // user nice system idle iowait irq softirq steal: what others on the host took (steal) counts as well.
    private static double Busy()
    {
        if (!File.Exists(Accounting)) return 0;
        var fields = File.ReadLines(Accounting).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(double.Parse).ToArray();
        return (fields.Sum() - fields[3] - fields[4]) / TicksPerSecond;
    }

    private static double Ours(IEnumerable<Func<TimeSpan>> measured) =>
        Environment.CpuUsage.TotalTime.TotalSeconds + measured.Sum(one => one().TotalSeconds);
}
