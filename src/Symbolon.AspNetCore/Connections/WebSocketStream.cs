using System.Text;

namespace Symbolon.AspNetCore;

/// <summary>The bytes of a WebSocket, from the server's side, with one thing added: it can be closed from outside. Then nothing passes any more in either direction.</summary>
/// <remarks>The framework's WebSocket writes each frame with one call, so a frame of ours fits between two of its own. RFC 6455 §5.5.1, §7.4.1.</remarks>
internal sealed class WebSocketStream(Stream inner) : Stream
{
    private const int PolicyViolation = 1008, LongestText = 123;
    private const byte FinalClose = 0x88;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isClosing, isClosed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whoever makes a WebSocket of it disposes it.</summary>
    public static WebSocketStream Over(Stream upgraded) => new(upgraded);

    /// <summary>Sends a close frame, 1008 and the text, as soon as the frame that is being written is out. What the peer still sends is dropped; when it answers, the application reads the end.</summary>
    public async Task CloseAsync(string text)
    {
        isClosing = true;
        await writing.WaitAsync();
        try
        {
            isClosed = true;
            await inner.WriteAsync(CloseFrame(text));
            await inner.FlushAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The peer was quicker, or was gone.
        }
        finally
        {
            writing.Release();
            closed.SetResult();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = isClosing ? 0 : await inner.ReadAsync(buffer, cancellationToken);
        if (!isClosing) return read;
        await closed.Task.WaitAsync(cancellationToken); // the application ends the request when it reads the end, and the frame must be out by then
        return 0;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            if (isClosed) throw new IOException("The session of this connection has ended.");
            await inner.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] CloseFrame(string text)
    {
        var why = Encoding.ASCII.GetBytes(text.Length <= LongestText ? text : text[..LongestText]);
        return [FinalClose, (byte)(2 + why.Length), PolicyViolation >> 8, PolicyViolation & 0xFF, .. why];
    }
}
