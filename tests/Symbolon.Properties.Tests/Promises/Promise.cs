using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Symbolon.Properties;

/// <summary>One promise of DESIGN §4.1: what every history must fulfil, and the runs it is tried on.</summary>
/// <param name="Number">As in the design, for example <c>I2</c>.</param>
/// <param name="Scenario">The runs.</param>
/// <param name="Broken">What is wrong with a history, or null.</param>
internal sealed record Promise(string Number, Scenario Scenario, Func<History, string?> Broken)
{
    /// <summary>Runs for each promise, unless <c>SYMBOLON_LONG</c> asks for twenty times as many.</summary>
    public const int Cases = 4_000;

    private static int Factor => Environment.GetEnvironmentVariable("SYMBOLON_LONG") is null or "" or "0" ? 1 : 20;

    // "seed,gamma,size" of an earlier failure, as it was printed.
    private static Replay? Again => Environment.GetEnvironmentVariable("SYMBOLON_REPLAY")?.Split(',') is [var seed, var gamma, var size]
        ? new Replay(new Rnd(ulong.Parse(seed), ulong.Parse(gamma)), FSharpOption<int>.Some(int.Parse(size)))
        : null;

    /// <summary>Throws with the smallest run that breaks the promise and the seed that leads there again.</summary>
    public void Holds(Protocol? protocol = null, int? cases = null)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(cases ?? (Cases * Factor)).WithQuietOnSuccess(true).WithName($"[{Number}] {Scenario.Name}");
        if (Again is { } replay) config = config.WithReplay(FSharpOption<Replay>.Some(replay));
        Check.One(config, Prop.ForAll(Scenario.Runs(), run =>
        {
            if (Broken(World.Play(run, protocol ?? new Protocol())) is { } broken) throw new BrokenPromiseException($"[{Number}] {broken}");
        }));
    }

    /// <summary>Whether some run breaks the promise.</summary>
    public bool IsBrokenBy(Protocol mutant, int cases)
    {
        // The first runs of a fixed seed, so that a mutant is killed in each build or in none.
        var runs = Scenario.Runs().Generator.Sample(cases, new Rnd(20_260_102), 50);
        return runs.Any(run => Broken(World.Play(run, mutant)) is not null);
    }
}

/// <summary>A promise was broken.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
