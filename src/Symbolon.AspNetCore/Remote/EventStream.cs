using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace Symbolon.AspNetCore.Remote;

/// <summary>Reads server-sent events (HTML Living Standard §9.2.6), each bounded; the framework's parser is not.</summary>
internal static class EventStream
{
    /// <summary>The longest line, and the longest event.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The kind of a comment: says that the connection lives, and nothing else.</summary>
    public const string Comment = ":";

    /// <summary>The events as they come, and comments. <c>retry</c> and what has no data are left out.</summary>
    /// <exception cref="FormatException">A line or an event is too long, or not UTF-8.</exception>
    public static async IAsyncEnumerable<StreamEvent> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken ct)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        var reading = new Reading();
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(ct);
                var rest = result.Buffer;
                while (TryCut(ref rest, out var line))
                {
                    if (reading.Take(line) is { } complete) yield return complete;
                }

                if (rest.Length > MaxLength) throw new FormatException($"A line of the stream is longer than {MaxLength} bytes.");
                reader.AdvanceTo(rest.Start, rest.End);
                if (result.IsCompleted) yield break; // an event that was not finished does not count
            }
        }
        finally
        {
            await reader.CompleteAsync(); // gives its buffers back
        }
    }

    private static bool TryCut(ref ReadOnlySequence<byte> rest, out string line)
    {
        line = "";
        if (rest.PositionOf((byte)'\n') is not { } end) return false;
        var bytes = rest.Slice(0, end);
        if (bytes.Length > MaxLength) throw new FormatException($"A line of the stream is longer than {MaxLength} bytes.");
        line = Encoding.UTF8.GetString(bytes).TrimEnd('\r');
        rest = rest.Slice(rest.GetPosition(1, end));
        return true;
    }

    private sealed class Reading
    {
        private string kind = "";
        private StringBuilder? data;

        public StreamEvent? Take(string line)
        {
            if (line.Length == 0) return Complete();
            if (line[0] == ':') return new StreamEvent(Comment, "");
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
            if (value.StartsWith(' ')) value = value[1..];
            if (name == "event") kind = value;
            else if (name == "data") Append(value);
            return null;
        }

        private void Append(string value)
        {
            data = data is null ? new StringBuilder() : data.Append('\n');
            if (data.Append(value).Length > MaxLength) throw new FormatException($"An event of the stream is longer than {MaxLength} characters.");
        }

        private StreamEvent? Complete()
        {
            var complete = data is null ? (StreamEvent?)null : new StreamEvent(kind, data.ToString());
            (kind, data) = ("", null);
            return complete;
        }
    }
}

/// <summary>One event of a stream.</summary>
/// <param name="Kind">Its <c>event</c>; empty when it names none.</param>
/// <param name="Data">Its data.</param>
internal readonly record struct StreamEvent(string Kind, string Data);
