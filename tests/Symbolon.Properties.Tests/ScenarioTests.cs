using FsCheck;
using FsCheck.Fluent;
using Symbolon.Refresh;
using static Symbolon.Refresh.RefreshDecision;

namespace Symbolon.Properties;

/// <summary>That the random runs get everywhere: a promise that is never put to the test holds cheaply.</summary>
public sealed class ScenarioTests
{
    private static List<History> Histories(Scenario scenario) =>
        [.. scenario.Runs().Generator.Sample(2_000, new Rnd(7), 50).Select(run => World.Play(run, new Protocol()))];

    private static int Count(IEnumerable<History> histories, Type decision) => histories.Sum(history => history.Entries.Count(entry =>
        (entry is Refused refused && refused.Decision?.GetType() == decision) || (entry is Answered answered && answered.By.Decision!.GetType() == decision)));

    [Fact]
    public void Runs_ReachEveryDecision_WhenAnythingHappens()
    {
        var histories = Histories(Scenario.Anything);
        Assert.All(
            [typeof(Forged), typeof(Foreign), typeof(Ended), typeof(Expired), typeof(Ends), typeof(Rotate), typeof(Retry), typeof(AskAgain), typeof(Reuse)],
            decision => Assert.True(Count(histories, decision) > 100, decision.Name));
    }

    [Fact]
    public void Runs_ReachAdopt_WhenTheStoreFailsOver()
    {
        var histories = Histories(Scenario.Failovers);
        Assert.All([typeof(Adopt), typeof(StoreBehind)], decision => Assert.True(Count(histories, decision) > 10, decision.Name));
    }

    [Fact]
    public void Runs_LoseRaces_WhenRequestsInterleave() =>
        Assert.True(Histories(Scenario.Thief).Sum(history => history.Entries.Count(entry => entry is Refused { By.Loads: > 1 } or Answered { By.Loads: > 1 })) > 100);

    [Fact]
    public void Runs_GoOnForGenerations_WhenTheClientIsHonest() =>
        Assert.True(Histories(Scenario.Honest).Count(history => history.LastRow!.Generation > 5) > 200);
}
