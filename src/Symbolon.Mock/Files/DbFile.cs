using System.Text.Json;
using System.Text.Json.Nodes;

namespace Symbolon.Mock.Files;

/// <summary>Reads <c>db.json</c>: collections (arrays of objects) and single resources (objects).</summary>
internal static class DbFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxSize = 16 * 1024 * 1024;

    /// <summary>Where everything is answered at once; no resource can have the name.</summary>
    public const string Whole = "db";

    /// <summary>The data, or every mistake.</summary>
    public static MockFile<JsonObject> Parse(string file, ReadOnlyMemory<byte> bytes)
    {
        var mistakes = new List<MockFileMistake>();
        var root = JsonSpotReader.Read(file, bytes, MaxSize, mistakes);
        if (root is { Kind: not JsonValueKind.Object }) mistakes.Add(new(file, root.Line, $"the file must be an object of resources, but is {root.Words}"));
        foreach (var member in root?.Members ?? []) Check(file, member, mistakes);
        return mistakes.Count == 0 ? new MockFile<JsonObject>.Read(root!.ToNode()!.AsObject()) : new MockFile<JsonObject>.Refused([.. mistakes.OrderBy(mistake => mistake.Line)]);
    }

    private static void Check(string file, JsonSpotMember resource, List<MockFileMistake> mistakes)
    {
        void Refuse(int line, string message) => mistakes.Add(new(file, line, message));

        if (resource.Name is "" or "." or ".." || resource.Name.AsSpan().ContainsAny("/?#\\%")) Refuse(resource.Line, $"\"{resource.Name}\" cannot stand in an address: it must have no /, ?, #, \\ or %");
        if (resource.Name == Whole) Refuse(resource.Line, $"\"{Whole}\" is taken: it answers everything at once");
        switch (resource.Value.Kind)
        {
            case JsonValueKind.Object: break;
            case JsonValueKind.Array: CheckItems(resource, Refuse); break;
            default: Refuse(resource.Value.Line, $"\"{resource.Name}\" must be an array of objects or an object, but is {resource.Value.Words}"); break;
        }
    }

    private static void CheckItems(JsonSpotMember collection, Action<int, string> refuse)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in collection.Value.Items)
        {
            if (item.Kind != JsonValueKind.Object) refuse(item.Line, $"\"{collection.Name}\" must be an array of objects, but one entry is {item.Words}");
            else if (item.Member("id")?.Value is not { } id) continue;
            else if (id.Kind is not (JsonValueKind.Number or JsonValueKind.String)) refuse(id.Line, $"\"id\" must be a number or a text, but is {id.Words}");
            else if (!lines.TryAdd(IdText(id), id.Line)) refuse(id.Line, $"\"{collection.Name}\" has the id {IdText(id)} twice, first in line {lines[IdText(id)]}");
        }
    }

    private static string IdText(JsonSpot id) => id.Kind == JsonValueKind.String ? id.Text : Data.JsValue.Text(id.ToNode());
}
