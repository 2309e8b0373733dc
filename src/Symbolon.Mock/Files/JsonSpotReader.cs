using System.Text.Json;
using System.Text.Unicode;

namespace Symbolon.Mock.Files;

/// <summary>Reads JSON with its lines: bounded in size and depth, UTF-8, each member once.</summary>
internal sealed class JsonSpotReader
{
    /// <summary>How deep it may be nested.</summary>
    public const int MaxDepth = 64;

    private readonly string file;
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly List<MockFileMistake> mistakes;
    private int counted, line = 1;

    private JsonSpotReader(string file, ReadOnlyMemory<byte> bytes, List<MockFileMistake> mistakes) => (this.file, this.bytes, this.mistakes) = (file, bytes, mistakes);

    /// <summary>The value of a file; null when it cannot be read at all, which is then one of the mistakes.</summary>
    /// <param name="file">The file's name, for the mistakes.</param>
    /// <param name="bytes">What stands in it.</param>
    /// <param name="most">How large it may be.</param>
    /// <param name="mistakes">Where mistakes are added.</param>
    public static JsonSpot? Read(string file, ReadOnlyMemory<byte> bytes, int most, List<MockFileMistake> mistakes)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (bytes.Length > most) return Refuse(mistakes, file, 1, $"the file has over {most} bytes");
        if (!Utf8.IsValid(bytes.Span)) return Refuse(mistakes, file, LineOfBadText(bytes.Span), "this is not UTF-8 text");
        try
        {
            var reader = new Utf8JsonReader(bytes.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            var found = new JsonSpotReader(file, bytes, mistakes).Value(ref reader);
            reader.Read(); // throws when something follows
            return found;
        }
        catch (JsonException e)
        {
            return Refuse(mistakes, file, (int)(e.LineNumber ?? 0) + 1, $"this is not JSON: {Words(e.Message)}");
        }
    }

    private JsonSpot Value(ref Utf8JsonReader reader)
    {
        var (start, at) = ((int)reader.TokenStartIndex, LineOf(reader.TokenStartIndex));
        var spot = reader.TokenType switch
        {
            JsonTokenType.StartObject => new JsonSpot(JsonValueKind.Object, at) { Members = Members(ref reader) },
            JsonTokenType.StartArray => new JsonSpot(JsonValueKind.Array, at) { Items = Items(ref reader) },
            JsonTokenType.String => new JsonSpot(JsonValueKind.String, at) { Text = Text(ref reader, at) },
            JsonTokenType.Number => new JsonSpot(JsonValueKind.Number, at),
            JsonTokenType.True => new JsonSpot(JsonValueKind.True, at),
            JsonTokenType.False => new JsonSpot(JsonValueKind.False, at),
            _ => new JsonSpot(JsonValueKind.Null, at),
        };
        return spot with { Raw = bytes[start..(int)reader.BytesConsumed] };
    }

    private List<JsonSpotMember> Members(ref Utf8JsonReader reader)
    {
        var members = new List<JsonSpotMember>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = LineOf(reader.TokenStartIndex);
            var name = Text(ref reader, at);
            reader.Read();
            if (!lines.TryAdd(name, at)) mistakes.Add(new(file, at, $"\"{name}\" stands twice in one object, first in line {lines[name]}"));
            members.Add(new JsonSpotMember(name, at, Value(ref reader)));
        }

        return members;
    }

    private List<JsonSpot> Items(ref Utf8JsonReader reader)
    {
        var items = new List<JsonSpot>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Value(ref reader));
        return items;
    }

    private string Text(ref Utf8JsonReader reader, int at)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            mistakes.Add(new(file, at, "the text holds half of a surrogate pair, which is no character"));
            return "";
        }
    }

    // Tokens come in order, so every byte is looked at once.
    private int LineOf(long index)
    {
        line += bytes.Span[counted..(int)index].Count((byte)'\n');
        counted = (int)index;
        return line;
    }

    private static int LineOfBadText(ReadOnlySpan<byte> text)
    {
        var at = 1;
        foreach (var range in text.Split((byte)'\n'))
        {
            if (!Utf8.IsValid(text[range])) break;
            at++;
        }

        return at;
    }

    // The framework adds its own zero-based position, which ours says better, and advice for programmers.
    private static string Words(string message)
    {
        foreach (var end in (ReadOnlySpan<string>)[" LineNumber:", " Change the reader options"])
        {
            var at = message.IndexOf(end, StringComparison.Ordinal);
            if (at >= 0) message = message[..at];
        }

        return message.TrimEnd('.') + (message.StartsWith("'/'", StringComparison.Ordinal) ? "; JSON has no comments" : "");
    }

    private static JsonSpot? Refuse(List<MockFileMistake> mistakes, string file, int line, string message)
    {
        mistakes.Add(new(file, line, message));
        return null;
    }
}
