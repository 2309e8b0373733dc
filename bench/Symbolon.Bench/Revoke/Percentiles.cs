namespace Symbolon.Bench.Revoke;

/// <summary>What most, nearly all and all of some waiting times stay below, in milliseconds.</summary>
internal sealed record Percentiles(double Half, double Of99, double Longest)
{
    public static Percentiles Of(IReadOnlyList<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        return new Percentiles(At(0.5), At(0.99), sorted[^1]);

        double At(double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }

    public string[] Row(string name) => [name, $"{Half:0.0}", $"{Of99:0.0}", $"{Longest:0.0}"];
}
