namespace Symbolon.Cluster.Support;

/// <summary>How long a storm is.</summary>
internal static class Storm
{
    /// <summary>Whether storms take their full form: <c>./test.sh --long</c>.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("SYMBOLON_LONG") == "1";
}
