using Symbolon.Testing;

namespace Symbolon.Properties;

/// <summary>The checker must keep up with 64 parallel presentations of one token in 2,000 rounds, and give up in time where there is no order.</summary>
public sealed class SerialOrderSpeedTests
{
    private static List<Observation> Storm(int round, bool isBroken)
    {
        var random = new Random(round);
        var recorded = new List<Observation> { new() { Session = "s", Deed = Deed.Start, StartedAt = 0, EndedAt = 1, Outcome = Outcome.Issued, Child = "first", ChildGeneration = 1 } };
        recorded.AddRange(Enumerable.Range(0, 64).Select(n => new Observation
        {
            Session = "s", Deed = Deed.Refresh, StartedAt = 2 + random.Next(100), EndedAt = 102 + random.Next(100), Token = "first", Child = $"{round}/{n}", ChildGeneration = 2, Outcome = Outcome.Issued,
        }));
        recorded.AddRange(Enumerable.Range(0, isBroken ? 2 : 1).Select(n => new Observation
        {
            Session = "s", Deed = Deed.Refresh, StartedAt = 300, EndedAt = 310, Token = $"{round}/{n}", Child = $"{round}/{n}+", ChildGeneration = 3, Outcome = Outcome.Issued,
        }));
        return recorded;
    }

    [Fact]
    public void Explain_Accepts2000RoundsOf64() => Assert.All(Enumerable.Range(0, 2_000), round => Assert.Null(SerialOrder.Explain(Storm(round, isBroken: false))));

    [Fact]
    public void Explain_Rejects_WhenOneOf64SiblingsRotatedToo() => Assert.NotNull(SerialOrder.Explain(Storm(round: 1, isBroken: true)));

    [Fact]
    public void Explain_Accepts_WhenAHistoryIsLong()
    {
        var recorder = new SessionRecorder();
        recorder.Answered(recorder.Begin("s", Deed.Start), Outcome.Issued, "1", 1);
        for (var n = 1; n <= 2_000; n++) recorder.Answered(recorder.Begin("s", Deed.Refresh, $"{n}"), Outcome.Issued, $"{n + 1}", n + 1);
        recorder.ThrowUnlessSerial();
        recorder.Answered(recorder.Begin("s", Deed.Refresh, "1999"), Outcome.Issued, "again", 2_000);
        Assert.Contains("Refresh 1999", Assert.Throws<HistoryException>(recorder.ThrowUnlessSerial).Message, StringComparison.Ordinal);
    }
}
