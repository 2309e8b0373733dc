namespace Symbolon.Authority;

/// <summary>Whether master keys are those that a store has known.</summary>
internal static class KeyFingerprints
{
    /// <summary>Whether <paramref name="ours"/> may join <paramref name="standing"/>: nothing stands yet, or one is common; and no id means two keys, for then its tokens would look forged.</summary>
    public static bool Agree(IReadOnlyCollection<string> standing, IReadOnlyCollection<string> ours) =>
        standing.Count == 0
        || (ours.Any(standing.Contains) && ours.Except(standing).All(mine => standing.All(theirs => Id(theirs) != Id(mine))));

    private static string Id(string fingerprint) => fingerprint[..fingerprint.IndexOf(':', StringComparison.Ordinal)];
}
