using Symbolon.Jose;
using static Symbolon.Some;

namespace Symbolon.Keys;

/// <summary>announced → active → retiring → gone, by instants alone: DESIGN §3.3.</summary>
public sealed class SigningKeyRingTests
{
    private static readonly KeyRingPolicy Ring = KeyRingPolicy.Default;

    internal static RingKey Key(string kid, DateTimeOffset announcedAt, DateTimeOffset signsFrom, JwsAlgorithm algorithm = JwsAlgorithm.ES256) =>
        new(kid, algorithm, Sealed: [], announcedAt, signsFrom);

    private static readonly SigningKeyRing One = SigningKeyRing.Empty.Rotate(Key("1", T0, T0), T0, Ring);
    private static readonly DateTimeOffset Next = T0.AddDays(90);
    private static readonly SigningKeyRing Two = One.Rotate(Key("2", Next, Next.AddMinutes(15)), Next, Ring);

    [Fact]
    public void Active_IsNull_WhenTheRingIsEmpty()
    {
        Assert.Null(SigningKeyRing.Empty.Active(T0, Ring));
        Assert.True(SigningKeyRing.Empty.IsDue(T0, Ring, JwsAlgorithm.ES256));
        Assert.Equal(T0, SigningKeyRing.Empty.NextSignsFrom(T0, Ring));
    }

    [Fact]
    public void Active_SignsAtOnce_WhenItIsTheFirstKey() => Assert.Equal("1", One.Active(T0, Ring)?.Kid);

    [Fact]
    public void NextSignsFrom_WaitsForTheVerifiers_WhenAKeySigns() => Assert.Equal(Next.AddMinutes(15), One.NextSignsFrom(Next, Ring));

    [Theory]
    [InlineData(0, KeyState.Active, KeyState.Announced)]
    [InlineData((15 * 60_000) - 1, KeyState.Active, KeyState.Announced)]
    [InlineData(15 * 60_000, KeyState.Retiring, KeyState.Active)]
    [InlineData((85 * 60_000) - 1, KeyState.Retiring, KeyState.Active)]
    [InlineData(85 * 60_000, KeyState.Gone, KeyState.Active)]
    public void StateOf_FollowsTheInstant(int milliseconds, KeyState first, KeyState second)
    {
        var now = Next.AddMilliseconds(milliseconds);
        Assert.Equal([first, second], Two.Keys.Select(key => Two.StateOf(key, now, Ring)));
        Assert.Equal(first is KeyState.Gone ? ["2"] : ["1", "2"], Two.Published(now, Ring).Select(key => key.Kid));
    }

    [Theory]
    [InlineData(-1, JwsAlgorithm.ES256, false)]
    [InlineData(0, JwsAlgorithm.ES256, true)]
    [InlineData(-1, JwsAlgorithm.RS256, true)]
    public void IsDue_WhenTheKeyIsOldOrOfAnotherAlgorithm(int milliseconds, JwsAlgorithm algorithm, bool due) =>
        Assert.Equal(due, One.IsDue(Next.AddMilliseconds(milliseconds), Ring, algorithm));

    [Fact]
    public void Rotate_ChangesNothing_WhenAKeyIsAnnounced()
    {
        Assert.False(Two.IsDue(Next, Ring, JwsAlgorithm.RS256));
        Assert.Same(Two, Two.Rotate(Key("3", Next, Next.AddMinutes(15)), Next, Ring));
    }

    [Fact]
    public void Rotate_DropsWhatIsGone_AndRaisesTheVersion()
    {
        var later = Next.AddDays(90);
        var three = Two.Rotate(Key("3", later, later.AddMinutes(15)), later, Ring);
        Assert.Equal((3, "2 3"), (three.Version, string.Join(' ', three.Keys.Select(key => key.Kid))));
    }

    [Fact]
    public void Remove_LetsTheSuccessorSignAtOnce()
    {
        var removed = Two.Remove("1", Key("3", Next, Next), Next);
        Assert.Equal((3, "3"), (removed.Version, removed.Active(Next, Ring)!.Kid));
        Assert.Equal(["2", "3"], removed.Published(Next, Ring).Select(key => key.Kid));
        Assert.Equal("2", removed.Active(Next.AddMinutes(15), Ring)!.Kid);
    }
}
