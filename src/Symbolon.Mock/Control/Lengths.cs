using System.Globalization;

namespace Symbolon.Mock.Control;

/// <summary>Lengths of time as people write them: <c>10m</c>, <c>90s</c>, <c>300ms</c>, <c>1.5h</c>, <c>14d</c>, or a number of seconds.</summary>
internal static class Lengths
{
    /// <summary>What is expected, for messages.</summary>
    public const string Form = "a length such as 300ms, 90s, 10m, 1.5h or 14d, or a number of seconds";

    /// <summary>What is expected of a wait, for messages.</summary>
    public const string DelayForm = "a length such as 300ms or 2s, or a range such as 50..300ms";

    private const string Seconds = "s";

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), (Seconds, TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    // More than anybody waits for, and far from what a TimeSpan cannot hold.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>Reads a length; never a negative one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan length) => TryParse(text, Seconds, out length);

    /// <summary>Reads a wait: one length, or two with <c>..</c> between; the first then takes the second's unit.</summary>
    public static bool TryParseDelay(string text, out MockDelay delay)
    {
        delay = default;
        var at = text.IndexOf("..", StringComparison.Ordinal);
        var most = at < 0 ? text : text[(at + 2)..];
        if (!TryParse(most, out var longest)) return false;
        var shortest = longest;
        if (at >= 0 && (!TryParse(text.AsSpan(0, at), UnitOf(most) is { Length: > 0 } unit ? unit : Seconds, out shortest) || shortest > longest)) return false;
        delay = new MockDelay(shortest, longest);
        return true;
    }

    /// <summary>Writes a length as it can be read.</summary>
    public static string Write(TimeSpan length)
    {
        var (unit, scale) = length.Ticks % TimeSpan.TicksPerSecond == 0 ? Units[1] : Units[0];
        return (length / scale).ToString("0.####", CultureInfo.InvariantCulture) + unit;
    }

    private static bool TryParse(ReadOnlySpan<char> text, string defaultUnit, out TimeSpan length)
    {
        length = default;
        var unit = UnitOf(text);
        var number = text[..^unit.Length];
        var scale = Array.Find(Units, known => known.Unit == (unit.Length == 0 ? defaultUnit : unit)).Length;
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value) || value * scale.TotalDays > Longest.TotalDays) return false;
        length = value * scale;
        return true;
    }

    // "ms" before "m" and "s".
    private static string UnitOf(ReadOnlySpan<char> text)
    {
        foreach (var (unit, _) in Units)
            if (text.EndsWith(unit, StringComparison.Ordinal)) return unit;
        return "";
    }
}
