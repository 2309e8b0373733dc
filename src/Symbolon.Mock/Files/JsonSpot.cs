using System.Text.Json;
using System.Text.Json.Nodes;

namespace Symbolon.Mock.Files;

/// <summary>A JSON value that knows in which line it stands.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The line where it begins, from 1.</param>
internal sealed record JsonSpot(JsonValueKind Kind, int Line)
{
    /// <summary>The text, of a text.</summary>
    public string Text { get; init; } = "";

    /// <summary>The members, of an object.</summary>
    public IReadOnlyList<JsonSpotMember> Members { get; init; } = [];

    /// <summary>The entries, of an array.</summary>
    public IReadOnlyList<JsonSpot> Items { get; init; } = [];

    /// <summary>The bytes that it was read from.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>What it is, in words.</summary>
    public string Words => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    /// <summary>The value without its lines.</summary>
    public JsonNode? ToNode() => JsonNode.Parse(Raw.Span);

    /// <summary>The same, as it stands.</summary>
    public JsonElement ToElement() => JsonElement.Parse(Raw.Span);

    /// <summary>The member of a name, or null.</summary>
    public JsonSpotMember? Member(string name) => Members.FirstOrDefault(member => member.Name == name);

    public override string ToString() => $"{Words} in line {Line}"; // never the value: it may be a password
}

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Line">The line of its name.</param>
/// <param name="Value">Its value.</param>
internal sealed record JsonSpotMember(string Name, int Line, JsonSpot Value);
