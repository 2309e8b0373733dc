using System.Buffers.Text;
using Symbolon.Keys;
using static Symbolon.Some;

namespace Symbolon.Refresh;

/// <summary>The format of DESIGN §3.2, and everything that is not it [I1] [I5].</summary>
public sealed class RefreshTokenTests
{
    private static readonly RefreshTokenKeys Keys = MacKeys();
    private static readonly RefreshToken Token = new(Sid, Generation: 6, Branch: -2);
    private static readonly string Text = Token.Write(Salt, Keys);

    private static RefreshTokenReading Read(string text, RefreshTokenKeys? keys = null) => RefreshToken.Read(text, keys ?? Keys, out _);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, long.MinValue)]
    [InlineData(int.MaxValue, long.MaxValue)]
    public void Read_ReturnsWhatWasWritten_WhenAuthentic(int generation, long branch)
    {
        var written = new RefreshToken(Sid, generation, branch);
        var text = written.Write(Salt, Keys);
        Assert.Equal(RefreshTokenReading.Authentic, RefreshToken.Read(text, Keys, out var read));
        Assert.Equal((written, (byte)7), (read.Token, read.KeyId));
        Assert.True(RefreshToken.IsProven(read, Salt, Keys));
    }

    [Fact]
    public void Write_HasTheDocumentedForm()
    {
        var bytes = Base64Url.DecodeFromChars(Text.AsSpan(RefreshToken.Prefix.Length));
        Assert.Equal((87, "srt_", 62), (Text.Length, Text[..4], bytes.Length));
        Assert.Equal([1, 7], bytes[..2]);
        Assert.Equal(Sid.ToBytes(), bytes[2..18]);
        Assert.Equal([0, 0, 0, 6], bytes[18..22]);
        Assert.Equal([255, 255, 255, 255, 255, 255, 255, 254], bytes[22..30]);
    }

    public static TheoryData<string> Malformed =>
    [
        "", "srt_", "srt", Text[..^1], Text + "A", Text + "=", Text[..^1] + "=", Text[..^4] + "====", " " + Text, Text + " ", Text + "\n", " " + Text[1..], Text[..^1] + " ",
        Text[..40] + " " + Text[41..], Text[..40] + "\r" + Text[41..], Text[..40] + "+" + Text[41..], Text[..40] + "/" + Text[41..], Text[..40] + "." + Text[41..],
        Text[..40] + "é" + Text[41..], Text[..40] + "\0" + Text[41..], "SRT_" + Text[4..], "srt-" + Text[4..], "rts_" + Text[4..], Text[4..], Text[4..] + "AAAA", new string('A', 87),
        "srt_" + new string('A', 82), "srt_" + new string('_', 100_000),
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Read_IsNotAuthentic_WhenMalformed(string text) => Assert.Equal(RefreshTokenReading.NotAuthentic, Read(text));

    [Fact]
    public void Read_IsNotAuthentic_WhenStrayBitsAreSet()
    {
        // 62 bytes leave two bits in the last character: were they ignored, four spellings would be one token.
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var stray = Alphabet.Where(last => Alphabet.IndexOf(last) % 4 != 0).ToList();
        Assert.Equal(48, stray.Count);
        foreach (var branch in Enumerable.Range(0, 32))
        {
            var text = (Token with { Branch = branch }).Write(Salt, Keys);
            Assert.DoesNotContain(text[^1], stray);
            Assert.All(stray, last => Assert.Equal(RefreshTokenReading.NotAuthentic, Read(text[..^1] + last)));
        }
    }

    [Fact]
    public void Read_IsNeverAuthentic_WhenAnyBitBeforeTheProofIsFlipped()
    {
        for (var bit = 0; bit < 46 * 8; bit++)
        {
            var expected = bit < 16 ? RefreshTokenReading.UnknownKey : RefreshTokenReading.NotAuthentic;
            Assert.Equal(expected, Read(Flipped(bit)));
        }
    }

    [Fact]
    public void IsProven_IsFalse_WhenAnyBitOfTheProofIsFlipped()
    {
        for (var bit = 46 * 8; bit < 62 * 8; bit++)
        {
            Assert.Equal(RefreshTokenReading.Authentic, RefreshToken.Read(Flipped(bit), Keys, out var read));
            Assert.False(RefreshToken.IsProven(read, Salt, Keys));
        }
    }

    [Fact]
    public void IsProven_IsFalse_WhenSaltIsAnother()
    {
        RefreshToken.Read(Text, Keys, out var read);
        Assert.False(RefreshToken.IsProven(read, new(1), Keys));
    }

    [Fact]
    public void Write_UsesDifferentKeysForTagAndProof()
    {
        var bytes = Base64Url.DecodeFromChars(Text.AsSpan(4));
        var key = Keys.Find(7)!;
        Assert.Equal(bytes[30..46], key.Tag(bytes.AsSpan(0, 30)).ToBytes());
        Assert.Equal(bytes[46..62], key.Proof(bytes.AsSpan(0, 30), Salt).ToBytes());
        Assert.NotEqual(key.Proof(bytes.AsSpan(0, 30), Salt), key.Tag([.. bytes[..30], .. Salt.ToBytes()])); // same input, other key
    }

    [Fact]
    public void Read_IsNotAuthentic_WhenIssuerIsAnother() =>
        Assert.Equal(RefreshTokenReading.NotAuthentic, Read(MadeBy(MacKeys(issuer: "https://other.example"))));

    [Fact]
    public void Read_IsNotAuthentic_WhenMasterKeyIsAnother() => Assert.Equal(RefreshTokenReading.NotAuthentic, Read(MadeBy(MacKeys(fill: 2))));

    [Fact]
    public void Read_MeetsAnUnknownKey_WhenKeyIdIsAnother() => Assert.Equal(RefreshTokenReading.UnknownKey, Read(MadeBy(MacKeys(id: 8))));

    [Fact]
    public void Read_IsAuthentic_WhenMasterKeyWasReplacedAndIsKept()
    {
        var rolled = new RefreshTokenKeys(Masters((8, 2), (7, 1)), "https://id.example");
        Assert.Equal(RefreshTokenReading.Authentic, RefreshToken.Read(Text, rolled, out var read));
        Assert.True(RefreshToken.IsProven(read, Salt, rolled));
        Assert.Equal(8, Base64Url.DecodeFromChars(MadeBy(rolled).AsSpan(4))[1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Read_IsNotAuthentic_WhenGenerationIsBelowOne(int generation) =>
        Assert.Equal(RefreshTokenReading.NotAuthentic, Read((Token with { Generation = generation }).Write(Salt, Keys)));

    private static string MadeBy(RefreshTokenKeys keys) => Token.Write(Salt, keys);

    private static string Flipped(int bit)
    {
        var bytes = Base64Url.DecodeFromChars(Text.AsSpan(RefreshToken.Prefix.Length));
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return RefreshToken.Prefix + Base64Url.EncodeToString(bytes);
    }
}
