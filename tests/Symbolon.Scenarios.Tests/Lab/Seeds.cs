using System.Globalization;

namespace Symbolon.Scenarios.Lab;

/// <summary>What a scenario varies comes from a seed: one run each, twenty with <c>SYMBOLON_LONG=1</c>, the one of <c>SYMBOLON_SEED</c> alone when that is set.</summary>
public sealed class Seeds : TheoryData<int>
{
    private const int First = 1, Many = 20;

    public Seeds()
    {
        if (Environment.GetEnvironmentVariable("SYMBOLON_SEED") is { Length: > 0 } one)
        {
            Add(int.Parse(one, CultureInfo.InvariantCulture));
            return;
        }

        var count = Environment.GetEnvironmentVariable("SYMBOLON_LONG") == "1" ? Many : 1;
        foreach (var seed in Enumerable.Range(First, count)) Add(seed);
    }
}
