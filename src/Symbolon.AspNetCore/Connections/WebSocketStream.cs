using System.Text;

namespace Symbolon.AspNetCore;

/// <summary>The bytes of a WebSocket, from the server's side, with one thing added: it can be closed from outside. Then nothing passes any more in either direction.</summary>
/// <remarks>The framework's WebSocket writes each frame with one call, so a frame of ours fits between two of its own. RFC 6455 §5.5.1, §7.4.1.</remarks>
internal sealed class WebSocketStream(Stream inner) : Stream
{
    private const int PolicyViolation = 1008, LongestText = 123, DrainedAtOnce = 4096;
    private const byte FinalClose = 0x88;
    private readonly SemaphoreSlim writing = new(1, 1), reading = new(1, 1);
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isClosing, isClosed;
    private WebSocketFrames frames; // whoever holds reading has it

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

    /// <summary>Sends a close frame, 1008 and the text, as soon as the frame that is being written is out. What the peer still sends is dropped; when it has answered, the application meets the end.</summary>
    /// <remarks>Not before: the application would end the request, and a connection that is closed while the peer sends is reset, so that the peer may never see the close frame.</remarks>
    public async Task CloseAsync(string text)
    {
        isClosing = true;
        try
        {
            await writing.WaitAsync();
            try
            {
                isClosed = true;
                await inner.WriteAsync(CloseFrame(text));
                await inner.FlushAsync();
            }
            finally
            {
                writing.Release();
            }

            await DrainAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The peer was quicker, or was gone; or it did not answer, and was cut off.
        }
        finally
        {
            over.SetResult();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (!isClosing)
            {
                var read = await inner.ReadAsync(buffer, cancellationToken);
                frames.Take(buffer.Span[..read]);
                if (!isClosing) return read;
            }
        }
        finally
        {
            reading.Release();
        }

        await over.Task.WaitAsync(cancellationToken);
        return 0;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            if (!isClosed)
            {
                await inner.WriteAsync(buffer, cancellationToken);
                return;
            }
        }
        finally
        {
            writing.Release();
        }

        await over.Task.WaitAsync(cancellationToken);
        throw new IOException("The session of this connection has ended.");
    }

    // Until the peer's own close frame, or its end. Whoever closes us bounds how long this takes.
    private async Task DrainAsync()
    {
        var buffer = new byte[DrainedAtOnce];
        await reading.WaitAsync();
        try
        {
            while (!frames.HasClosed && await inner.ReadAsync(buffer) is > 0 and var read) frames.Take(buffer.AsSpan(0, read));
        }
        finally
        {
            reading.Release();
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
