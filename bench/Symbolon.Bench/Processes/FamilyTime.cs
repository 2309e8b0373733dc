using System.Globalization;

namespace Symbolon.Bench.Processes;

/// <summary>Processor time of a process and of all that it has started, those included that have ended: a PostgreSQL server as a whole.</summary>
internal static class FamilyTime
{
    private const int TicksPerSecond = 100; // USER_HZ of Linux

    // Fields of /proc/PID/stat after the name, which may hold anything: utime, stime, cutime, cstime.
    private const int First = 11;

    /// <summary>User and system time so far.</summary>
    public static TimeSpan Of(int parent)
    {
        var children = File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return TimeSpan.FromSeconds((children.Sum(static child => Ticks(child, 2)) + Ticks(parent.ToString(CultureInfo.InvariantCulture), 4)) / TicksPerSecond);
    }

    private static double Ticks(string process, int fields)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Skip(First).Take(fields).Sum(static field => double.Parse(field, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return 0; // it has ended: its parent has its time
        }
    }
}
