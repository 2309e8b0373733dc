using System.Text.RegularExpressions;

namespace Symbolon.Edge.Programs;

/// <summary>What a sample's page shows and what its trial prints, made comparable.</summary>
internal static partial class ShownOutput
{
    /// <summary>What a page shows: from its first line with two dashes to the end of the block.</summary>
    public static string Of(string page)
    {
        var lines = File.ReadAllLines(page);
        var from = Array.FindIndex(lines, line => line.StartsWith("-- ", StringComparison.Ordinal));
        return Comparable(string.Join('\n', lines[from..Array.IndexOf(lines, "```", from)]));
    }

    /// <summary>What a trial printed, but for ids, times and what a receipt says beside its counts.</summary>
    public static string Comparable(string output) => string.Join('\n', Changing().Replace(output, "…").Split('\n').Select(line => line.TrimEnd()));

    [GeneratedRegex("""[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+ m?s |\d+ m?s$|"seq":\d+|(,"certain_at":"[^"]+")?(,"servers":\d+)?\}\}|127\.0\.0\.1:\d+| {2,}""")]
    private static partial Regex Changing();
}
