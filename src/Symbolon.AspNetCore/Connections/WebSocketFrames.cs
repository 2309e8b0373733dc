namespace Symbolon.AspNetCore;

/// <summary>Follows the frames in the bytes that a peer sends, whatever the pieces they come in, to know its close frame. RFC 6455 §5.2.</summary>
internal struct WebSocketFrames
{
    private const int OpCode = 0x0F, Close = 0x08, Masked = 0x80, LengthBits = 0x7F, Length16 = 126, Length64 = 127, MaskLength = 4;
    private int at; // how many bytes of the frame's head have come
    private int head; // how many it has; 0 until the second byte has come
    private int length; // how many of them are the long form of the length
    private bool isClose;
    private ulong payload; // how much of the payload is to come

    /// <summary>Whether a close frame has come whole.</summary>
    public bool HasClosed { get; private set; }

    /// <summary>Takes what has come.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !HasClosed)
        {
            if (head > 0 && at == head)
            {
                var skipped = (int)Math.Min(payload, (ulong)bytes.Length);
                payload -= (ulong)skipped;
                bytes = bytes[skipped..];
            }
            else
            {
                TakeHead(bytes[0]);
                bytes = bytes[1..];
            }

            if (head == 0 || at < head || payload > 0) continue;
            HasClosed = isClose;
            (at, head) = (0, 0);
        }
    }

    private void TakeHead(byte next)
    {
        switch (at++)
        {
            case 0:
                isClose = (next & OpCode) == Close;
                break;
            case 1:
                var size = next & LengthBits;
                length = size == Length16 ? 2 : size == Length64 ? 8 : 0;
                payload = length == 0 ? (ulong)size : 0;
                head = 2 + length + ((next & Masked) != 0 ? MaskLength : 0);
                break;
            case var i when i < 2 + length:
                payload = (payload << 8) | next;
                break;
        }
    }
}
