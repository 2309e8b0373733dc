using System.Buffers.Text;
using System.Text;

namespace Symbolon.Jose;

public sealed class JwsTests
{
    [Fact]
    public void Sign_WritesAlgKidTyp_AndNothingElse()
    {
        var key = TestKeys.For(JwsAlgorithm.ES256);
        Assert.Equal("""{"alg":"ES256","kid":"es256","typ":"at+jwt"}""", Header(Jws.Sign(key, "{}"u8)));
        Assert.Equal("""{"alg":"ES256","kid":"es256","typ":"logout+jwt"}""", Header(Jws.Sign(key, "{}"u8, "logout+jwt")));
    }

    [Fact]
    public void Sign_Throws_WhenTheTokenWouldBeTooLarge()
    {
        var key = TestKeys.For(JwsAlgorithm.HS256);
        Assert.Equal(Jws.MaxLength, Jws.Sign(key, new byte[6066]).Length);
        Assert.Throws<ArgumentException>(() => Jws.Sign(key, new byte[6067]));
        Assert.Throws<ArgumentException>(() => Jws.Sign(key, [], new string('t', 1024)));
    }

    [Theory]
    [InlineData("YQ.YQ.YQ", true)]
    [InlineData("YWI.YWJj.-_-_", true)]
    [InlineData("", false)]
    [InlineData("YQ", false)]
    [InlineData("YQ.YQ", false)]
    [InlineData("YQ.YQ.", false)] // the unsigned form of RFC 7515 A.5
    [InlineData("YQ..YQ", false)]
    [InlineData(".YQ.YQ", false)]
    [InlineData("..", false)]
    [InlineData("YQ.YQ.YQ.YQ", false)]
    [InlineData("YQ.YQ.YQ.YQ.YQ", false)] // a JWE
    [InlineData("YQ==.YQ.YQ", false)]
    [InlineData("YQ.YQ==.YQ", false)]
    [InlineData("YQ.YQ.YQ==", false)]
    [InlineData("YR.YQ.YQ", false)] // stray bits
    [InlineData("YQ.Y_.YQ", false)]
    [InlineData("YQ.YQ.YWJ", false)]
    [InlineData("Y.YQ.YQ", false)] // no length of base64
    [InlineData("YQ.YWJjZ.YQ", false)]
    [InlineData("Y+.YQ.YQ", false)]
    [InlineData("YQ.Y/.YQ", false)]
    [InlineData(" YQ.YQ.YQ", false)]
    [InlineData("YQ.YQ.YQ\n", false)]
    [InlineData("YQ.Y Q.YQ", false)]
    [InlineData("YQ.YQ.YQ\0", false)]
    [InlineData("YQ.YÀ.YQ", false)]
    public void TrySplit_TakesCanonicalBase64UrlOnly(string token, bool expected) =>
        Assert.Equal(expected, Jws.TrySplit(Encoding.UTF8.GetBytes(token), out _));

    [Fact]
    public void IsCanonical_AgreesWithEncodingBack_ForEveryShortText()
    {
        const string Letters = "ABCDghwxyz0189-_+/= ";
        foreach (var a in Letters)
        {
            foreach (var b in Letters)
            {
                foreach (var text in (string[])[$"{a}", $"{a}{b}", $"A{a}{b}", $"AA{a}{b}", $"AAA{a}{b}", $"AAAA{a}{b}"])
                    Assert.True(IsRoundTrip(text) == StrictBase64Url.IsCanonical(Encoding.ASCII.GetBytes(text)), text);
            }
        }
    }

    [Fact]
    public void TrySplit_RefusesATokenOverEightKibibytes()
    {
        Assert.True(Jws.TrySplit(Encoding.ASCII.GetBytes("YQ.YQ." + new string('A', 8184)), out _));
        Assert.False(Jws.TrySplit(Encoding.ASCII.GetBytes("YQ.YQ." + new string('A', 8188)), out _));
    }

    private static bool IsRoundTrip(string text)
    {
        try
        {
            return Base64Url.EncodeToString(Base64Url.DecodeFromChars(text)) == text;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string Header(string token) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.AsSpan(0, token.IndexOf('.'))));
}
