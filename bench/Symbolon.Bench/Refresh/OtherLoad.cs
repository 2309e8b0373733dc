using System.Diagnostics;

namespace Symbolon.Bench.Refresh;

/// <summary>How much of the processors went to programs that are not being measured: rates mean less the more it is.</summary>
internal sealed class OtherLoad(IReadOnlyList<RefreshLoad> loads)
{
    private const int TicksPerSecond = 100; // USER_HZ of Linux
    private const string Accounting = "/proc/stat";

    private readonly (double Busy, double Ours, Stopwatch Watch) from = (Busy(), Ours(loads), Stopwatch.StartNew());

    /// <summary>The share since this was made, 0 to 1.</summary>
    public double Share() => Math.Max(0, (Busy() - from.Busy - (Ours(loads) - from.Ours)) / (from.Watch.Elapsed.TotalSeconds * Environment.ProcessorCount));

    // user nice system idle iowait irq softirq steal: what others on the host took (steal) counts as well.
    private static double Busy()
    {
        if (!File.Exists(Accounting)) return 0;
        var fields = File.ReadLines(Accounting).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(double.Parse).ToArray();
        return (fields.Sum() - fields[3] - fields[4]) / TicksPerSecond;
    }

    private static double Ours(IEnumerable<RefreshLoad> loads) =>
        Environment.CpuUsage.TotalTime.TotalSeconds + loads.Sum(load => load.CpuTime.TotalSeconds);
}
