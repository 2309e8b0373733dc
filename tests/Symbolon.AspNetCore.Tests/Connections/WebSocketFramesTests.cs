namespace Symbolon.AspNetCore.Tests.Connections;

public sealed class WebSocketFramesTests
{
    private const byte Text = 0x81, Part = 0x01, Ping = 0x89, Close = 0x88;

    public static TheoryData<string, byte[], bool> Streams => new()
    {
        { "nothing", [], false },
        { "a message", Frame(Text, 5), false },
        { "a message whose payload looks like a close frame", Frame(Text, 8, fill: Close), false },
        { "an empty close frame", Frame(Close, 0), true },
        { "a close frame with a reason", Frame(Close, 40), true },
        { "an unmasked close frame", [Close, 2, 3, 0xE8], true },
        { "half of a close frame", Frame(Close, 40)[..30], false },
        { "only the head of a close frame", Frame(Close, 40)[..6], false },
        { "a close frame after messages of each length", [.. Frame(Text, 0), .. Frame(Text, 125), .. Frame(Text, 126), .. Frame(Text, 65_535), .. Frame(Text, 65_536), .. Frame(Close, 2)], true },
        { "a close frame between the parts of a message", [.. Frame(Part, 300, fill: Close), .. Frame(Ping, 4), .. Frame(Close, 2), .. Frame(0x80, 10)], true },
        { "messages of each length", [.. Frame(Text, 0), .. Frame(Text, 125), .. Frame(Text, 126, fill: Close), .. Frame(Text, 65_536, fill: Close)], false },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void Take_KnowsACloseFrame_InWhateverPiecesItComes(string what, byte[] bytes, bool hasClosed)
    {
        foreach (var piece in new[] { 1, 2, 3, 7, 1000, 100_000 })
        {
            var frames = default(WebSocketFrames);
            foreach (var chunk in bytes.Chunk(piece)) frames.Take(chunk);
            Assert.True(frames.HasClosed == hasClosed, $"{what}, in pieces of {piece}");
        }
    }

    private static byte[] Frame(byte first, int length, byte fill = 0)
    {
        byte[] size = length < 126 ? [(byte)(0x80 | length)]
            : length < 65_536 ? [0x80 | 126, (byte)(length >> 8), (byte)length]
            : [0x80 | 127, 0, 0, 0, 0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];
        return [first, .. size, 1, 2, 3, 4, .. Enumerable.Repeat(fill, length)];
    }
}
