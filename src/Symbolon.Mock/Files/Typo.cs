namespace Symbolon.Mock.Files;

/// <summary>What somebody probably meant.</summary>
internal static class Typo
{
    private const int MostSlips = 2;

    /// <summary>The known name that is at most two slips away, ignoring case; null when none is.</summary>
    public static string? Meant(string written, ReadOnlySpan<string> known)
    {
        var (best, slips) = ((string?)null, MostSlips + 1);
        foreach (var name in known)
        {
            var distance = Distance(written.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance < slips && distance < name.Length) (best, slips) = (name, distance);
        }

        return best;
    }

    // Levenshtein's, one row at a time.
    private static int Distance(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > MostSlips) return int.MaxValue;
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= other.Length; j++)
            {
                var cheapest = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], cheapest);
            }
        }

        return row[^1];
    }
}
