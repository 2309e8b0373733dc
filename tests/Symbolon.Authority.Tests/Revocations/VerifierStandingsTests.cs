namespace Symbolon.Authority.Tests.Revocations;

/// <summary>What servers tell each other is bounded, and says less, never more, where it is cut.</summary>
public sealed class VerifierStandingsTests
{
    [Fact]
    public void For_CutsTheList_AndCountsTheRest_LateOnesFirst()
    {
        var said = All(VerifierStandings.MostListed + 10, late: 300).For(7);

        Assert.Equal((VerifierStandings.MostListed, 10, 0, true), (said.Verifiers.Count, said.More, said.MoreLate, said.IsWhole));
        Assert.Equal(VerifierStandings.MostNamed, said.Verifiers.Count(one => one.Name is not null));
        Assert.All(said.Verifiers.Take(300), one => Assert.Equal(5, one.Seq));
        Assert.All(said.Verifiers.Skip(300), one => Assert.Equal(7, one.Seq));
    }

    [Fact]
    public void For_IsNotWhole_WhenALateOneIsNotInTheList()
    {
        var said = All(VerifierStandings.MostListed + 10, late: VerifierStandings.MostListed + 1).For(7);

        Assert.Equal((10, 1, false), (said.More, said.MoreLate, said.IsWhole));
        var sum = ReceiptSum.Of(7, ManualTime.T0, [(said, TimeSpan.Zero)]);
        Assert.Equal((VerifierStandings.MostListed + 10, VerifierStandings.MostListed + 1, null), (sum.Verifiers, sum.Late, sum.CertainAt));
        Assert.Equal(sum.Late, sum.Open);
    }

    [Fact]
    public void Text_SaysAllOfIt_AndIsBounded()
    {
        var said = All(VerifierStandings.MostListed + 10, late: 300).For(7);

        var text = said.Write();

        Assert.True(said.SaysTheSameAs(VerifierStandings.Read(text)!));
        Assert.InRange(text.Length, 0, 150_000);
        Assert.Null(VerifierStandings.Read(new string(' ', 1_000_000) + text));
    }

    [Theory] // what another version may have written
    [InlineData("""{"timeline":"t","applied":9,"is_whole":true,"verifiers":[],"added_later":1}""", true)]
    [InlineData("""{"timeline":"t","applied":9,"verifiers":[]}""", false)]
    [InlineData("""{"timeline":"t","applied":9,"is_whole":true,"verifiers":null}""", false)]
    [InlineData("""{"timeline":"t","applied":9,"is_whole":true,"verifiers":[null]}""", false)]
    [InlineData("""{"timeline":"t","applied":9,"is_whole":true,"verifiers":[{"id":"x","seq":0}]}""", false)]
    [InlineData("nonsense", false)]
    [InlineData("", false)]
    [InlineData("null", false)]
    public void Read_IsNull_WhenSomethingIsMissing(string text, bool isRead) => Assert.Equal(isRead, VerifierStandings.Read(text) is not null);

    [Fact]
    public void SaysTheSame_WhileOnlyTimePasses()
    {
        var said = All(3, late: 1);

        Assert.True(said.SaysTheSameAs(Map(one => one with { Rest = 17 })));
        Assert.False(said.SaysTheSameAs(Map(one => one with { Rest = VerifierStanding.ForEver })));
        Assert.False(said.SaysTheSameAs(Map(one => one with { Seq = one.Seq + 1 })));
        Assert.False(said.SaysTheSameAs(said with { Applied = 8 }));
        Assert.False(said.SaysTheSameAs(said with { IsWhole = false }));
        Assert.False(said.SaysTheSameAs(All(4, late: 1)));

        VerifierStandings Map(Func<VerifierStanding, VerifierStanding> change) => said with { Verifiers = [.. said.Verifiers.Select(change)] };
    }

    [Fact]
    public void Sum_CountsOneOnce_AsFarAsAnyHasHeard_AndWaitsForTheLongest()
    {
        var (here, there) = (Of(new("x", 5, 3000) { Name = "x" }, new("y", 5, 0)), Of(new("x", 5, 9000), new("y", 7, 0), new("z", 5, 100) { Name = "z" }));

        var sum = ReceiptSum.Of(7, ManualTime.T0, [(here, TimeSpan.Zero), (there, TimeSpan.FromSeconds(2))]);

        Assert.Equal((3, 2, 1, ManualTime.T0.AddSeconds(7)), (sum.Verifiers, sum.Late, sum.Open, sum.CertainAt));
        Assert.Equal(["x", "z"], sum.LateNames.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(VerifierStanding.ForEver, 0)]
    [InlineData(0, VerifierStanding.ForEver)]
    public void Sum_IsNeverCertain_WhenAnyHasHeardThatOneGoesOnForEver(long here, long there) =>
        Assert.Null(ReceiptSum.Of(7, ManualTime.T0, [(Of(new VerifierStanding("x", 5, here)), TimeSpan.Zero), (Of(new VerifierStanding("x", 5, there)), TimeSpan.Zero)]).CertainAt);

    [Fact] // else one would be taken for another that has acknowledged
    public void Digest_IsAnother_OfAnotherClientNameOrInstance()
    {
        VerifierInstance[] all = [new("a", "b", "c"), new("x", "b", "c"), new("a", "x", "c"), new("a", "b", "x"), new("b", "a", "c")];

        Assert.Equal(all.Length, all.Select(one => one.Digest()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(all[0].Digest(), new VerifierInstance("a", "b", "c").Digest());
    }

    [Fact]
    public void Stand_CountsNoNumber_OfAnotherTimeline()
    {
        var time = new ManualTime();
        var known = new Acknowledgements(time);
        Assert.True(known.TryTake(new VerifierInstance("a", "b", "c"), new Acknowledgement("old", 9, TimeSpan.FromSeconds(5), AspNetCore.WhenStale.Deny, time.GetTimestamp())));

        Assert.Equal(-1, Assert.Single(known.Stand("new").Standings.Verifiers).Seq);
        Assert.Equal(9, Assert.Single(known.Stand("old").Standings.Verifiers).Seq);
    }

    private static VerifierStandings All(int count, int late) =>
        Of([.. Enumerable.Range(0, count).Select(i => new VerifierStanding($"{i:d16}", i < count - late ? 9 : 5, 5000) { Name = $"verifier{i}" })]);

    private static VerifierStandings Of(params VerifierStanding[] verifiers) => new("t", Applied: 9, IsWhole: true, verifiers);
}
