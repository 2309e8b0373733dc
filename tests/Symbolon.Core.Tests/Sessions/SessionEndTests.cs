using Symbolon.Revocation;
using static Symbolon.Some;

namespace Symbolon.Sessions;

/// <summary>What ending writes: DESIGN §4.3.</summary>
public sealed class SessionEndTests
{
    [Fact]
    public void Of_WritesRowEntryAndEvent()
    {
        var end = SessionEnd.Of(Row, EndReason.RefreshReuse, by: null, T0);
        Assert.Equal(Row with { Ending = new SessionEnding(T0, EndReason.RefreshReuse, By: null) }, end.Session);
        Assert.Equal(new RevocationEntry(RevocationKind.Session, Sid.ToString(), 0, T0, T0.AddMinutes(61), "refresh_reuse"), end.Entry);
        Assert.Equal(new SessionEvent(EventKind.SessionEnded, T0, Sid, Alice, 5, "refresh_reuse"), end.Event);
    }

    public static TheoryData<EndReason> Reasons => [.. Enum.GetValues<EndReason>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Of_NeedsAnEntry_UnlessTheSessionRanOut(EndReason reason)
    {
        var end = SessionEnd.Of(Row, reason, "alice", T0);
        Assert.Equal(reason is EndReason.Inactivity or EndReason.AbsoluteLifetime, end.Entry is null);
        Assert.Equal(reason, EndReasons.Parse(reason.Code()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Logout")]
    [InlineData("nothing")]
    public void Parse_Throws_WhenCodeIsNotOurs(string code) => Assert.Throws<FormatException>(() => EndReasons.Parse(code));

    [Fact]
    public void Raise_AddsOneToTheEra()
    {
        var change = EraChange.Raise(3, "admin", T0);
        Assert.Equal((4, RevocationEntry.OfEra(4, T0)), (change.Era, change.Entry));
        Assert.Equal(new SessionEvent(EventKind.EraRaised, T0, Number: 4, Reason: "all_ended", By: "admin"), change.Event);
    }
}
