using System.Buffers;
using System.Text;
using System.Text.Json;
using Symbolon.Revocation;

namespace Symbolon.Authority;

/// <summary>The events of the revocation stream as they go over the wire (server-sent events, WHATWG HTML §9.2).</summary>
internal static class RevocationFrames
{
    /// <summary>The reader has to take a snapshot; the stream ends.</summary>
    public static readonly byte[] Resync = "event: resync\ndata: {}\n\n"u8.ToArray();

    /// <summary>A comment: keeps proxies from closing the connection, and says nothing about how recent anything is.</summary>
    public static readonly byte[] Silence = ": the log cannot be read now\n\n"u8.ToArray();

    /// <summary>The first event of a stream.</summary>
    public static byte[] Hello(string timeline, long seq) => Frame("event: hello\n", json =>
    {
        json.WriteString("timeline"u8, timeline);
        json.WriteNumber("seq"u8, seq);
    });

    /// <summary>The newest number, as of a read of the primary.</summary>
    public static byte[] Heartbeat(string timeline, long newest, DateTimeOffset now) => Frame("event: heartbeat\n", json =>
    {
        json.WriteString("timeline"u8, timeline);
        json.WriteNumber("seq"u8, newest);
        RevocationJson.Write(json, "now"u8, now);
    });

    /// <summary>Somebody waits for acknowledgements of this number.</summary>
    public static byte[] Receipt(long seq) => Frame("event: receipt\n", json => json.WriteNumber("seq"u8, seq));

    /// <summary>An entry; its number is the event's id.</summary>
    public static byte[] Entry(LoggedRevocation logged) => Written($"id: {logged.Seq}\nevent: entry\n", json => RevocationJson.Write(json, logged));

    private static byte[] Frame(string head, Action<Utf8JsonWriter> members) => Written(head, json =>
    {
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    });

    // JSON escapes line ends, so that the data is one line whatever an id holds.
    private static byte[] Written(string head, Action<Utf8JsonWriter> data)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Encoding.ASCII.GetBytes(head, buffer);
        buffer.Write("data: "u8);
        using (var json = new Utf8JsonWriter(buffer)) data(json);
        buffer.Write("\n\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
