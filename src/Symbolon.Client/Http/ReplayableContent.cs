using System.Net;

namespace Symbolon.Client.Http;

/// <summary>A body that is kept while it is sent, up to a limit, so that it can be sent again. What it is read from is read once, and streams as it did.</summary>
internal sealed class ReplayableContent : HttpContent
{
    private readonly HttpContent inner;
    private readonly int limit;
    private MemoryStream? kept = new();
    private volatile bool isBegun, isWhole;

    public ReplayableContent(HttpContent inner, int limit)
    {
        (this.inner, this.limit) = (inner, limit);
        if (inner.Headers.ContentLength > limit) kept = null;
        Copy(inner, this);
    }

    /// <summary>The same body for another request; null, and why, when there is none.</summary>
    public HttpContent? Again(out NotReplayedReason reason)
    {
        reason = kept is null ? NotReplayedReason.TooLarge : NotReplayedReason.Interrupted;
        if (!isBegun) return new ReplayableContent(inner, limit); // refused before it was read: as with Expect: 100-continue
        if (!isWhole || kept is not { } body) return null;
        var again = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length);
        Copy(inner, again);
        return again;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Begin();
        await inner.CopyToAsync(new Tee(stream, this), context, cancellationToken).ConfigureAwait(false);
        isWhole = true;
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Begin();
        inner.CopyTo(new Tee(stream, this), context, cancellationToken);
        isWhole = true;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = inner.Headers.ContentLength ?? 0;
        return inner.Headers.ContentLength is not null;
    }

    // A redirect below may have it sent twice already.
    private void Begin()
    {
        (isBegun, isWhole) = (true, false);
        kept?.SetLength(0);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (kept is null) return;
        if (kept.Length + bytes.Length > limit) kept = null;
        else kept.Write(bytes);
    }

    private static void Copy(HttpContent from, HttpContent to)
    {
        foreach (var header in from.Headers.NonValidated)
            foreach (var value in header.Value) to.Headers.TryAddWithoutValidation(header.Key, value);
    }

    private sealed class Tee(Stream to, ReplayableContent content) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            content.Keep(buffer);
            to.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            content.Keep(buffer.Span);
            return to.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() => to.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => to.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
