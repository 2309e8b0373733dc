using FsCheck;
using FsCheck.Fluent;

namespace Symbolon.Properties;

/// <summary>How runs are made for a promise: which acts, how often, and what is fixed about the set-up.</summary>
/// <param name="Name">For output.</param>
/// <param name="Acts">What happens, by weight.</param>
/// <param name="Fix">What this promise assumes.</param>
internal sealed record Scenario(string Name, (int Weight, Act Act)[] Acts, Func<Setup, Setup> Fix)
{
    private const int Longest = 60;

    private static readonly (int, Act)[] Plain =
    [
        (6, Act.VictimRefreshes), (6, Act.VictimSends), (12, Act.Advance), (5, Act.Finish), (3, Act.Lose), (1, Act.Crash), (8, Act.Wait), (1, Act.SetClock),
    ];

    private static readonly (int, Act)[] Strangers = [(2, Act.ForeignPresents), (2, Act.Forge)];

    private static readonly (int, Act)[] Ends = [(1, Act.Logout), (1, Act.RaiseEpoch), (1, Act.RaiseEra), (1, Act.Disable), (1, Act.Restamp), (1, Act.Sweep)];

    private static readonly (int, Act)[] Theft = [(4, Act.Steal), (6, Act.ThiefRefreshes), (5, Act.ThiefSends)];

    /// <summary>Tabs, a thief, races; nothing ends the session but its own rules.</summary>
    public static Scenario Thief { get; } = new("thief", [.. Plain, .. Theft], setup => setup with { Honest = false });

    /// <summary>Everything at once; any token that ever was may come again.</summary>
    public static Scenario Anything { get; } = new("anything", [.. Plain, .. Theft, .. Strangers, .. Ends, (4, Act.Replay)], setup => setup with { Honest = false });

    /// <summary>No thief; the client keeps to what [I7] assumes.</summary>
    public static Scenario Honest { get; } = new("honest", [.. Plain, .. Strangers, (1, Act.RaiseEpoch), (1, Act.Sweep)], setup => setup with { Honest = true });

    /// <summary>The same with a store that loses acknowledged rotations, one at a time.</summary>
    public static Scenario Failovers { get; } = new("failovers", [.. Honest.Acts, (2, Act.Failover)], Honest.Fix);

    /// <summary>Many requests at once, of whoever, and a sign-out among them; the clock stands still, all windows are open.</summary>
    public static Scenario Storm { get; } = new(
        "storm",
        [(2, Act.VictimRefreshes), (8, Act.VictimSends), (20, Act.Advance), (4, Act.Finish), (1, Act.Lose), (1, Act.Crash), .. Theft, .. Strangers, (3, Act.Replay), (1, Act.Logout)],
        setup => setup with { Honest = false, Overlap = 0, SendsAttempts = false, IsCookieJar = false });

    public Arbitrary<Run> Runs()
    {
        var step = Gen.Frequency([.. Acts.Select(act => (act.Weight, Gen.Choose(0, 23).Select(which => new Step(act.Act, which))))]);
        var setup =
            from seed in Gen.Choose(0, 1_000_000)
            from overlap in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 4)))
            from flags in Gen.Choose(0, 7)
            select Fix(new Setup(seed, overlap, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, Honest: false));
        var run = from made in setup from length in Gen.Choose(4, Longest) from steps in Gen.ArrayOf(step, length) select new Run(made, steps);
        return Arb.From(run, Shrink);
    }

    // Fewer steps first (halves, quarters, … single ones), then smaller ones.
    private static IEnumerable<Run> Shrink(Run run)
    {
        var steps = run.Steps;
        for (var chunk = steps.Length / 2; chunk > 0; chunk /= 2)
            for (var at = 0; at + chunk <= steps.Length; at += chunk)
                yield return run with { Steps = [.. steps[..at], .. steps[(at + chunk)..]] };
        for (var at = 0; at < steps.Length; at++)
            if (steps[at].Which > 0)
                yield return run with { Steps = [.. steps[..at], steps[at] with { Which = steps[at].Which / 2 }, .. steps[(at + 1)..]] };
    }
}
