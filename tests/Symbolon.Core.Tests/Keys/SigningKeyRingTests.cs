using Symbolon.Jose;
using static Symbolon.Some;

namespace Symbolon.Keys;

/// <summary>announced → active → retiring → gone, by instants alone: DESIGN §3.3.</summary>
public sealed class SigningKeyRingTests
{
    private static readonly KeyRingPolicy Ring = KeyRingPolicy.Default;

    private const byte MasterKey = 7;

    internal static RingKey Key(string kid, DateTimeOffset announcedAt, DateTimeOffset signsFrom, JwsAlgorithm algorithm = JwsAlgorithm.ES256) =>
        new(kid, algorithm, Sealed: [MasterKey], announcedAt, signsFrom);

    private static readonly SigningKeyRing One = SigningKeyRing.Empty.Rotate(Key("1", T0, T0), T0, Ring);
    private static readonly DateTimeOffset Next = T0.AddDays(90);
    private static readonly SigningKeyRing Two = One.Rotate(Key("2", Next, Next.AddMinutes(15)), Next, Ring);

    [Fact]
    public void Active_IsNull_WhenTheRingIsEmpty()
    {
        Assert.Null(SigningKeyRing.Empty.Active(T0, Ring));
        Assert.True(SigningKeyRing.Empty.IsDue(T0, Ring, JwsAlgorithm.ES256, MasterKey));
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
        Assert.Equal(due, One.IsDue(Next.AddMilliseconds(milliseconds), Ring, algorithm, MasterKey));

    [Fact]
    public void Rotate_ChangesNothing_WhenAKeyIsAnnounced()
    {
        Assert.False(Two.IsDue(Next, Ring, JwsAlgorithm.RS256, MasterKey));
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
        var removed = Two.Remove("1", Key("3", Next, Next), Next, Ring);
        Assert.Equal((3, "3"), (removed.Version, removed.Active(Next, Ring)!.Kid));
        Assert.Equal(["3", "2"], removed.Published(Next, Ring).Select(key => key.Kid));
        Assert.Equal("2", removed.Active(Next.AddMinutes(15), Ring)!.Kid);
    }

    /// <summary>Guards against a ring in which no key signed, so that no log-in and no refresh went through, when the clock was set back behind the first key.</summary>
    [Fact]
    public void Active_IsTheFirstKey_WhenTheClockWasSetBack()
    {
        Assert.Equal("1", One.Active(T0.AddHours(-1), Ring)?.Kid);
        Assert.Equal([KeyState.Active, KeyState.Announced], Two.Keys.Select(key => Two.StateOf(key, T0.AddHours(-1), Ring)));
        var removed = Two.Remove("1", successor: null, T0.AddHours(-1), Ring);
        Assert.Equal("2", removed.Active(T0.AddHours(-1), Ring)?.Kid);
    }

    /// <summary>Guards against two keys that signed at once, of which the older was then gone without having retired, when a key was made with the clock set back.</summary>
    [Fact]
    public void NextSignsFrom_WaitsForTheKeysThereAre_WhenTheClockWasSetBack()
    {
        var early = T0.AddHours(-2);
        Assert.Equal(T0, One.NextSignsFrom(early, Ring));
        var two = One.Rotate(Key("2", early, One.NextSignsFrom(early, Ring)), early, Ring);
        Assert.Equal([KeyState.Active, KeyState.Announced], two.Keys.Select(key => two.StateOf(key, T0.AddMilliseconds(-1), Ring)));
        Assert.Equal([KeyState.Retiring, KeyState.Active], two.Keys.Select(key => two.StateOf(key, T0, Ring)));
    }

    /// <summary>Guards against a key that was gone and counted again, because the one that had superseded it was removed.</summary>
    [Fact]
    public void Remove_DropsWhatIsGone_SoThatItDoesNotComeBack()
    {
        var three = new SigningKeyRing([Key("1", T0, T0), Key("2", T0, T0.AddHours(1)), Key("3", T0, T0.AddHours(3))], 3);
        var now = T0.AddHours(3);
        Assert.Equal([KeyState.Gone, KeyState.Retiring, KeyState.Active], three.Keys.Select(key => three.StateOf(key, now, Ring)));
        var removed = three.Remove("2", successor: null, now, Ring);
        Assert.Equal("3", Assert.Single(removed.Published(now, Ring)).Kid);
        Assert.Equal("2 3", string.Join(' ', removed.Keys.Select(key => key.Kid)));
    }

    /// <summary>Guards against a successor behind the announced key in the ring's order, which was then never superseded by it.</summary>
    [Fact]
    public void Remove_KeepsTheOrder_WhenASuccessorSignsBeforeTheAnnouncedKey()
    {
        var removed = Two.Remove("1", Key("3", Next, Next), Next, Ring);
        Assert.Equal("1 3 2", string.Join(' ', removed.Keys.Select(key => key.Kid)));
        Assert.Equal([KeyState.Gone, KeyState.Retiring, KeyState.Active], removed.Keys.Select(key => removed.StateOf(key, Next.AddMinutes(15), Ring)));
    }

    /// <summary>Guards against two active keys: one that signs from the same instant as another did not supersede it.</summary>
    [Fact]
    public void StateOf_HasOneActiveKey_WhenTwoSignFromTheSameInstant()
    {
        var same = new SigningKeyRing([Key("1", T0, T0), Key("2", T0, T0)], 2);
        Assert.Equal([KeyState.Retiring, KeyState.Active], same.Keys.Select(key => same.StateOf(key, T0, Ring)));
        Assert.Equal("2", same.Active(T0, Ring)?.Kid);
    }

    /// <summary>Guards against a bug: signing keys kept the seal of a replaced master key for as long as they signed, and dropping it took the servers down.</summary>
    [Theory]
    [InlineData(MasterKey, false)]
    [InlineData(MasterKey + 1, true)]
    public void IsDue_WhenTheMasterKeyWasReplaced(byte active, bool due) => Assert.Equal(due, One.IsDue(T0.AddMinutes(1), Ring, JwsAlgorithm.ES256, active));
}
