
namespace Symbolon.Sessions;

/// <summary>Up to four attempts, the first ones kept: DESIGN §4.1.</summary>
public sealed class AttemptHashesTests
{
    private static Bytes16 Attempt(int number) => new((UInt128)number);

    private static AttemptHashes Made(int count) => Enumerable.Range(1, count).Aggregate(default(AttemptHashes), (made, n) => made.With(Attempt(n)));

    [Fact]
    public void Of_HoldsTheAttempt_WhenThereIsOne()
    {
        Assert.Equal(1, AttemptHashes.Of(Attempt(1)).Count);
        Assert.True(AttemptHashes.Of(Attempt(1)).Contains(Attempt(1)));
        Assert.Equal(default, AttemptHashes.Of(attempt: null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Contains_KnowsExactlyThose_WhenSomeWereAdded(int count)
    {
        var made = Made(count);
        Assert.Equal(count, made.Count);
        for (var n = 1; n <= 5; n++) Assert.Equal(n <= count, made.Contains(Attempt(n)));
        Assert.False(made.Contains(default(Bytes16))); // an empty place is no attempt
        Assert.False(made.Contains(attempt: null));
    }

    [Fact]
    public void With_KeepsTheFirstFour_WhenSomebodyFloods() => Assert.Equal(Made(4), Made(100));

    [Fact]
    public void With_AddsNothing_WhenKnownOrNull()
    {
        Assert.Equal(Made(2), Made(2).With(Attempt(1)));
        Assert.Equal(Made(2), Made(2).With(attempt: null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_ReturnsWhatWasWritten(int count)
    {
        Assert.Equal(count * 16, Made(count).ToBytes().Length);
        Assert.Equal(Made(count), AttemptHashes.Read(Made(count).ToBytes()));
    }

    [Theory]
    [InlineData(15, 0)]
    [InlineData(17, 1)]
    [InlineData(80, 4)]
    public void Read_TakesWholeHashesOnly_WhenLengthIsOdd(int length, int count) => Assert.Equal(count, AttemptHashes.Read(new byte[length]).Count);
}
