using static Symbolon.Some;

namespace Symbolon.Sessions;

/// <summary>Up to eight tokens, the last ones kept: DESIGN §4.1, rule 10.</summary>
public sealed class SupersededTokensTests
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    // Tokens (1, -1), (2, -2), … are superseded, one each millisecond.
    private static SupersededTokens Made(int count, bool skipsLast = false)
    {
        var session = Row;
        for (var n = 1; n <= count; n++)
        {
            var at = T0.AddMilliseconds(n);
            session = session with { Generation = n, Branch = -n };
            session = session with { Superseded = SupersededTokens.After(session, at, Settle, skipsGeneration: skipsLast && n == count) };
        }

        return session.Superseded;
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void Read_ReturnsWhatWasWritten(int count, bool skips)
    {
        var made = Made(count, skips);
        Assert.Equal(made.Count * 20, made.ToBytes().Length);
        Assert.Equal(made, SupersededTokens.Read(made.ToBytes()));
    }

    [Fact]
    public void ToBytes_HasTheDocumentedForm() =>
        Assert.Equal("00000001FFFFFFFFFFFFFFFF" + (T0.ToUnixTimeMilliseconds() + 1).ToString("X16"), Convert.ToHexString(Made(1).ToBytes()));

    [Fact]
    public void ToBytes_AllocatesNothing_WhenEmpty() => Assert.Same(default(SupersededTokens).ToBytes(), default(SupersededTokens).ToBytes());

    [Theory]
    [InlineData(19, 0)]
    [InlineData(39, 1)]
    [InlineData(200, 8)]
    public void Read_TakesWholeTokensOnly_WhenLengthIsOdd(int length, int count) => Assert.Equal(count, SupersededTokens.Read(new byte[length]).Count);

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(12)]
    public void After_KeepsTheLastEight(int count)
    {
        var made = Made(count);
        Assert.Equal(Math.Min(count, SupersededTokens.Most), made.Count);
        for (var n = 1; n <= count; n++) Assert.Equal(n > count - SupersededTokens.Most, made.Contains(n, -n, T0, Settle));
        Assert.False(made.Contains(count, 0, T0, Settle));
        Assert.False(made.Contains(count + 1, -count, T0, Settle));
    }

    [Fact]
    public void After_KnowsAnyBranch_WhenAGenerationIsSkipped()
    {
        var made = Made(8, skipsLast: true);
        Assert.Equal(SupersededTokens.Most, made.Count);
        Assert.All([0, -9, long.MinValue], branch => Assert.True(made.Contains(9, branch, T0, Settle)));
        Assert.False(made.Contains(10, 0, T0, Settle));
        Assert.False(made.Contains(1, -1, T0, Settle)); // the ninth
    }

    [Fact]
    public void Contains_Forgets_WhenSettleHasPassed()
    {
        var at = T0.AddMilliseconds(1);
        Assert.True(Made(1).Contains(1, -1, at + Settle - TimeSpan.FromTicks(1), Settle));
        Assert.False(Made(1).Contains(1, -1, at + Settle, Settle));
    }

    [Fact]
    public void Equals_ComparesWhatIsKept()
    {
        Assert.True(Made(3) == Made(3));
        Assert.Equal(Made(3).GetHashCode(), Made(3).GetHashCode());
        Assert.True(Made(3) != Made(2));
        Assert.True(Made(3) != Made(3, skipsLast: true));
        Assert.True(default == Made(0));
        Assert.Equal(Row with { Superseded = Made(2) }, Row with { Superseded = Made(2) });
    }
}
