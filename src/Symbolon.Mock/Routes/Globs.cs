using System.Text;

namespace Symbolon.Mock.Routes;

/// <summary>Paths of routes: <c>*</c> as a segment stands for one segment, as the last one for any rest, also none: what protects <c>/admin/*</c> protects <c>/admin</c>.</summary>
internal static class Globs
{
    private const string Star = "*";

    /// <summary>Why a text is no path of a route, or null.</summary>
    public static string? Mistake(string path)
    {
        if (!path.StartsWith('/')) return "must begin with a slash";
        if (path.AsSpan().ContainsAny("?#\\%;")) return "must be a path alone, as it is after decoding: no ?, #, \\, % or ;";
        if (path.AsSpan().ContainsAny("{}")) return "must not hold braces; write * for a segment that may be anything";
        if (path.Contains('*', StringComparison.Ordinal) && Split(path).Any(segment => segment.Contains('*', StringComparison.Ordinal) && segment != Star))
            return "may have * only as a whole segment: /files/*";
        return path.Length > 1 && path[1..].Split('/').Any(segment => segment is "" or "." or "..") ? "must not have an empty, '.' or '..' segment" : null;
    }

    /// <summary>The path as ASP.NET Core's routing writes it.</summary>
    public static string Pattern(string path)
    {
        var (segments, pattern) = (Split(path), new StringBuilder());
        for (var i = 0; i < segments.Length; i++)
            pattern.Append('/').Append(segments[i] != Star ? segments[i] : i == segments.Length - 1 ? "{**rest}" : $"{{any{i}}}");
        return pattern.Length == 0 ? "/" : pattern.ToString();
    }

    /// <summary>Whether every request that the later route is for is taken by the earlier one.</summary>
    public static bool Covers(MockRoute earlier, MockRoute later) =>
        (earlier.Methods.Count == 0 || (later.Methods.Count > 0 && later.Methods.All(earlier.Methods.Contains))) && Covers(Split(earlier.Path), Split(later.Path));

    private static bool Covers(string[] earlier, string[] later)
    {
        for (var i = 0; i < earlier.Length; i++)
        {
            if (i == earlier.Length - 1 && earlier[i] == Star) return true;
            if (i >= later.Length) return false;
            var isRest = later[i] == Star && i == later.Length - 1; // stands for none, one, or many: more than one segment can
            if (isRest || (earlier[i] != Star && !string.Equals(earlier[i], later[i], StringComparison.OrdinalIgnoreCase))) return false;
        }

        return earlier.Length == later.Length;
    }

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
