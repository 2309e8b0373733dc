using Symbolon.Sessions;
using static Symbolon.Properties.Mutants;
using static Symbolon.Refresh.RefreshDecision;

namespace Symbolon.Properties;

/// <summary>Tests of the tests: the protocol with one rule broken must break the promise that the rule is there for.</summary>
public sealed class MutantTests
{
    // Enough to kill each with a wide margin; most die within a hundred.
    private const int Cases = 4_000;

    private static readonly Dictionary<string, (Promise Killer, Protocol Mutant)> All = new()
    {
        ["rule 0 left out"] = (Promises.OutsidersChangeNothing, new Table((real, at) =>
            real is Foreign ? at.With(token: at.Token with { ClientId = at.Row.ClientId, Transport = at.Row.Transport }) : real)),
        ["rule 0 after rule 2"] = (Promises.OutsidersChangeNothing, new Table((real, at) => real is Foreign && at.Row.Ending is { } end ? new Ended(end.Reason) : real)),
        ["rule 2 left out"] = (Promises.RevokeWins, new ServesEnded(rotates: true, decides: true)),
        ["rule 4 without the epoch"] = (Promises.RevokeWins, new Table((real, at) =>
            real is Ends ? at.With(at.Facts with { Subject = at.Facts.Subject! with { Epoch = at.Row.Epoch } }) : real)),
        ["rule 4 without the era"] = (Promises.RevokeWins, new Table((real, at) => real is Ends ? at.With(at.Facts with { Era = at.Row.Era }) : real)),
        ["rule 6 without the compare-and-swap"] = (Promises.OneLine, new RotatesBlindly()),
        ["rule 6 without \"not ended\" in the commit"] = (Promises.RevokeWins, new ServesEnded(rotates: true)),
        ["rule 6 writes the whole row"] = (Promises.RevokeWins, new WritesWholeRow()),
        ["rule 6 moves the absolute end"] = (Promises.OutsidersChangeNothing, new MovesTheEnd()),
        ["rule 7 without the compare-and-swap"] = (Promises.OneLine, new RetriesBlindly()),
        ["rule 7 without \"not ended\" in the commit"] = (Promises.RevokeWins, new ServesEnded(rotates: false)),
        ["rule 7 accepts any branch"] = (Promises.BoundedCoexistence, new Table((real, at) =>
            real is AskAgain or Reuse && at.Ahead == 0 && at.IsWithinOverlap ? new Retry(at.Token.Attempt) : real)),
        ["rule 7 accepts the generation before"] = (Promises.BoundedCoexistence, new Table((real, at) =>
            real is AskAgain or Reuse && at.Ahead == -1 && at.IsWithinOverlap ? new Retry(at.Token.Attempt) : real)),
        ["rule 7 without overlap"] = (Promises.HonestClientsLive, new Table((real, at) => real is Retry ? at.With(policy: at.Policy with { Overlap = TimeSpan.Zero }) : real)),
        ["rule 7 without attempts"] = (Promises.HonestClientsLive, new Table((real, at) => real is Retry ? at.With(token: at.Token with { Attempt = null }) : real)),
        ["rule 8 left out"] = (Promises.HonestClientsLive with { Scenario = Scenario.Failovers }, new Table((real, _) => real is Adopt ? new Reuse() : real)),
        ["rule 10 left out"] = (Promises.HonestClientsLive, new Table((real, _) => real is AskAgain ? new Reuse() : real)),
        ["rule 10 without the confirmed generation, seen from outside"] = (ParallelEqualsSerial.Promise, new Table((real, at) => real is AskAgain && at.Ahead == 0 ? new Reuse() : real)),
        ["rule 10 without the kept tokens"] = (Promises.HonestClientsLive, new Table((real, at) => real is AskAgain && at.Ahead < 0 ? new Reuse() : real)),
        ["rule 10 for any generation"] = (DeathOnContact.WithinSettle, new Table((real, at) => real is Reuse && at.SinceRotation < at.Policy.Settle ? new AskAgain() : real)),
        ["rule 10 for kept generations, whatever the branch"] = (DeathOnContact.WithinSettle, new Table((real, at) => real is Reuse ? at.With(at.KeepingGenerations) : real)),
        ["rule 10 without a bound in time"] = (DeathOnContact.WithinSettle, new Table((real, at) =>
            real is Reuse ? at.With(policy: at.Policy with { Overlap = TimeSpan.Zero, Settle = TimeSpan.MaxValue }) : real)),
        ["rule 10 for the confirmed generation without a bound in time"] = (DeathOnContact.WithinSettle, new Table((real, at) => real is Reuse && at.Ahead == 0 && !at.Token.IsConfirmedOf(at.Row) ? new AskAgain() : real)),
        ["rule 10 for the generation before"] = (DeathOnContact.WithinSettle, new Table((real, at) => real is Reuse && at.Ahead == -1 && at.SinceRotation < at.Policy.Settle ? new AskAgain() : real)),
        ["rule 6 keeps no superseded token"] = (Promises.HonestClientsLive, new Keeps((_, next) => next with { Superseded = default })),
        ["rule 6 keeps one superseded token"] = (Promises.HonestClientsLive, new Keeps((read, next) => next with { Superseded = After(read with { Superseded = default }, next) })),
        ["rule 6 counts settle anew for kept tokens"] = (DeathOnContact.WithinSettle, new Keeps((read, next) => next with { Superseded = Renewed(read, next) })),
        ["rule 8 without the skipped generation"] = (Promises.HonestClientsLive with { Scenario = Scenario.Failovers }, new Keeps((read, next) => next with { Superseded = After(read, next) })),
        ["rule 11 only refuses"] = (DeathOnContact.WithinSettle, new OnlyRefuses()),
        ["rule 11 needs (g, b)"] = (DeathOnContact.WithinSettle, new Table((real, at) => real is Reuse && !at.Token.IsConfirmedOf(at.Row) ? new Unknown() : real)),
        ["rule 11 tells no verifier"] = (DeathOnContact.WithinSettle, new EndsInSilence()),
        ["rule 6 without the compare-and-swap, seen from outside"] = (ParallelEqualsSerial.Promise, new RotatesBlindly()),
        ["rule 2 left out, seen from outside"] = (ParallelEqualsSerial.Promise, new ServesEnded(rotates: true, decides: true)),
        ["rule 7 accepts any branch, seen from outside"] = (ParallelEqualsSerial.Promise, new Table((real, at) =>
            real is AskAgain && at.Ahead == 0 ? new Retry(at.Token.Attempt) : real)),
        ["rule 11 only refuses, seen from outside"] = (ParallelEqualsSerial.Promise, new OnlyRefuses()),
        ["a child shared, seen from outside"] = (ParallelEqualsSerial.Promise, new SharesChildren()),
        ["a child shared by two callers"] = (Promises.BoundedCoexistence, new SharesChildren()),
        ["ep read when issuing"] = (Promises.RevokeWins, new ReadsNumbersWhenIssuing(era: false, epoch: true)),
        ["er read when issuing"] = (Promises.RevokeWins, new ReadsNumbersWhenIssuing(era: true, epoch: false)),
        ["tag not checked"] = (Promises.ForgeriesTouchNothing, new BelievesAnyKey()),
        ["proof not checked"] = (Promises.ForgeriesTouchNothing, new Table((real, at) => real is Forged ? at.With(token: at.Token with { IsProven = true }) : real)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Promise_IsBroken_WhenARuleIs(string mutant)
    {
        var (killer, protocol) = All[mutant];
        Assert.True(killer.IsBrokenBy(protocol, Cases), $"[{killer.Number}] does not notice: {mutant}.");
    }

    /// <summary>The same runs with nothing broken: what kills a mutant is the mutation.</summary>
    [Fact]
    public void Promise_Holds_WhenNoRuleIsBroken()
    {
        foreach (var killer in All.Values.Select(pair => pair.Killer).Distinct()) Assert.False(killer.IsBrokenBy(new Protocol(), Cases), killer.Number);
    }

    /// <summary>A thief who rotates every nine seconds would keep the victim asking for ever, were rule 10 for any generation.</summary>
    [Fact]
    public void DeathOnContact_IsBroken_WhenAThiefRotatesEveryNineSecondsAndRule10ForgivesAnyGeneration()
    {
        var (_, mutant) = All["rule 10 for any generation"];
        var setup = new Setup(Seed: 1, Overlap: 0, SendsAttempts: true, LeaksAttempts: false, IsCookieJar: false, Honest: false);
        Step[] contact = [new(Act.Steal, 0), new(Act.VictimRefreshes, 0), new(Act.ThiefRefreshes, 0), new(Act.ThiefRefreshes, 0)];
        Step[] round = [new(Act.Wait, 2), new(Act.ThiefRefreshes, 0), new(Act.VictimRefreshes, 0)];
        var run = new Run(setup, [.. contact, .. Enumerable.Repeat(round, 20).SelectMany(steps => steps)]);
        Assert.Null(World.Play(run, mutant).LastRow!.Ending);
        Assert.NotNull(DeathOnContact.WithinSettle.Broken(World.Play(run, mutant)));
        Assert.Equal(EndReason.RefreshReuse, World.Play(run, new Protocol()).LastRow!.Ending?.Reason);
    }
}
