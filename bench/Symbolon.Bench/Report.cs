using System.Text.Json;

namespace Symbolon.Bench;

/// <summary>What a command prints: a table and, last, one line of JSON.</summary>
internal static class Report
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Prints rows under a heading; the first column to the left, the others to the right.</summary>
    public static void Table(IReadOnlyList<string> heading, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = heading.Select((_, i) => rows.Append(heading).Max(row => row[i].Length)).ToArray();
        Line(heading);
        Console.WriteLine(string.Join("--", widths.Select(width => new string('-', width))));
        foreach (var row in rows) Line(row);
        Console.WriteLine();

        void Line(IReadOnlyList<string> cells) =>
            Console.WriteLine(string.Join("  ", cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
    }

    /// <summary>Says of each bar whether it is met.</summary>
    public static void Bars(params (string What, double Value, double Bar, bool AtLeast)[] bars)
    {
        foreach (var (what, value, bar, atLeast) in bars)
            Console.WriteLine($"{((atLeast ? value >= bar : value <= bar) ? "met   " : "MISSED")}  {what}: {value:#,0.###} (bar: {(atLeast ? "≥" : "≤")} {bar:#,0.##})");
        Console.WriteLine();
    }

    public static void Json(string bench, IEnumerable<(string Name, double Value)> figures)
    {
        var members = new Dictionary<string, object> { ["bench"] = bench };
        foreach (var (name, value) in figures) members[name] = Math.Round(value, 3);
        Console.WriteLine(JsonSerializer.Serialize(members));
    }
}
