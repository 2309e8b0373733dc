using static Symbolon.Some;

namespace Symbolon.Keys;

/// <summary>AES-256-GCM under a master key, bound to the key's id: DESIGN §3.3.</summary>
public sealed class SealedKeyTests
{
    private static readonly MasterKeys Keys = Masters((4, 1));
    private static readonly byte[] Private = [.. Enumerable.Range(0, 138).Select(n => (byte)n)];
    private static readonly byte[] Box = SealedKey.Seal(Private, "kid-1", new byte[SealedKey.NonceSize], Keys);

    [Fact]
    public void Open_ReturnsTheSecret_WhenSealedUnderThisKeyAndKid() => Assert.Equal(Private, SealedKey.Open(Box, "kid-1", Keys));

    [Fact]
    public void Seal_HidesTheSecret() => Assert.Equal(-1, Box.AsSpan().IndexOf(Private.AsSpan(0, 16)));

    [Fact]
    public void Open_ReturnsTheSecret_WhenMasterKeyWasReplacedAndIsKept() => Assert.Equal(Private, SealedKey.Open(Box, "kid-1", Masters((5, 2), (4, 1))));

    [Fact]
    public void Open_IsNull_WhenKidIsAnother() => Assert.Null(SealedKey.Open(Box, "kid-2", Keys));

    [Fact]
    public void Open_IsNull_WhenMasterKeyIsAnother()
    {
        Assert.Null(SealedKey.Open(Box, "kid-1", Masters((4, 2))));
        Assert.Null(SealedKey.Open(Box, "kid-1", Masters((5, 1))));
    }

    [Fact]
    public void Open_IsNull_WhenAnyByteIsChanged()
    {
        for (var at = 0; at < Box.Length; at++)
        {
            var changed = Box.ToArray();
            changed[at] ^= 0x10;
            Assert.Null(SealedKey.Open(changed, "kid-1", Keys));
        }
    }

    [Fact]
    public void Open_IsNull_WhenCutShort()
    {
        for (var length = 0; length < Box.Length; length++) Assert.Null(SealedKey.Open(Box.AsSpan(0, length), "kid-1", Keys));
    }
}
