using static Symbolon.Some;

namespace Symbolon.Keys;

/// <summary>The first is active, the others still open what they sealed: DESIGN §3.3.</summary>
public sealed class MasterKeysTests
{
    [Fact]
    public void MasterKeys_Throws_WhenThereIsNone() => Assert.Throws<ArgumentException>(() => new MasterKeys([]));

    [Fact]
    public void MasterKeys_Throws_WhenAnIdComesTwice() => Assert.Throws<ArgumentException>(() => Masters((1, 1), (1, 2)));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void MasterKeys_Throws_WhenAKeyHasAnotherLength(int length) =>
        Assert.Contains($"{length} bytes", Assert.Throws<ArgumentException>(() => new MasterKeys([(1, Secret(1)), (0, new byte[length])])).Message, StringComparison.Ordinal);

    [Fact]
    public void ActiveId_IsTheFirst()
    {
        var masters = Masters((9, 1), (0, 2));
        Assert.Equal((9, true, true, false), (masters.ActiveId, masters.Has(9), masters.Has(0), masters.Has(1)));
    }

    [Fact]
    public void Derive_DependsOnKeySaltAndLabel()
    {
        var masters = Masters((1, 1), (2, 2));
        byte[][] all = [masters.Derive(1, "a", "x"), masters.Derive(2, "a", "x"), masters.Derive(1, "b", "x"), masters.Derive(1, "a", "y"), masters.Derive(1, "ax", "")];
        Assert.Equal(all.Length, all.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(all[0], Masters((1, 1)).Derive(1, "a", "x"));
    }

    [Fact]
    public void Fingerprint_NamesTheKeyAndTellsNothingOfIt()
    {
        var masters = Masters((1, 1), (2, 1));
        Assert.Matches("^1:[0-9a-f]{16}$", masters.Fingerprint(1));
        Assert.Equal(masters.Fingerprint(1)[2..], masters.Fingerprint(2)[2..]);
        Assert.NotEqual(masters.Fingerprint(1), Masters((1, 3)).Fingerprint(1));
    }
}
