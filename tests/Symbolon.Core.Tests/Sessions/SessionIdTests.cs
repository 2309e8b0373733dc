
namespace Symbolon.Sessions;

/// <summary>UUIDv7 in big-endian order, written in lower case with hyphens: DESIGN §3.2.</summary>
public sealed class SessionIdTests
{
    private const string Text = "01890a5d-ac96-774b-bcce-b302099a8057";

    [Fact]
    public void ToBytes_AreBigEndian()
    {
        Assert.True(SessionId.TryParse(Text, out var id));
        Assert.Equal(Text.Replace("-", "", StringComparison.Ordinal), Convert.ToHexStringLower(id.ToBytes()));
        Assert.Equal((id, Text), (SessionId.Read(id.ToBytes()), id.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("01890A5D-ac96-774b-bcce-b302099a8057")]
    [InlineData("{01890a5d-ac96-774b-bcce-b302099a8057}")]
    [InlineData("01890a5dac96774bbcceb302099a8057")]
    [InlineData(" 01890a5d-ac96-774b-bcce-b302099a8057")]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a8057 ")]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a805")]
    public void TryParse_Refuses_WhenNotTheOneForm(string? text) => Assert.False(SessionId.TryParse(text, out _));

    [Fact]
    public void Order_IsThatOfTheBytes()
    {
        var (low, high) = (Some.Id(1), Some.Id(256));
        Assert.True(low < high && high > low && low <= high && high >= low && low.CompareTo(low) == 0);
    }
}
