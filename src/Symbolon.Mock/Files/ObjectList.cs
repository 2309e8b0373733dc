using System.Text.Json;

namespace Symbolon.Mock.Files;

/// <summary>A file that is an array of objects.</summary>
/// <param name="MaxSize">The largest file, in bytes.</param>
/// <param name="MaxItems">The most entries.</param>
/// <param name="Items">What the entries are, in words.</param>
/// <param name="Item">What one entry is.</param>
internal sealed record ListShape(int MaxSize, int MaxItems, string Items, string Item);

/// <summary>Reads a file that is an array of objects.</summary>
internal static class ObjectList
{
    /// <summary>The objects; what else stands there is noted.</summary>
    public static IEnumerable<JsonSpot> Of(string file, ReadOnlyMemory<byte> bytes, ListShape shape, List<MockFileMistake> mistakes)
    {
        if (JsonSpotReader.Read(file, bytes, shape.MaxSize, mistakes) is not { } root) return [];
        if (root.Kind != JsonValueKind.Array)
            mistakes.Add(new(file, root.Line, $"the file must be an array of {shape.Items}, but is {root.Words}"));
        else if (root.Items.Count > shape.MaxItems)
            mistakes.Add(new(file, root.Items[shape.MaxItems].Line, $"the file has {root.Items.Count} {shape.Items}, at most {shape.MaxItems} are read"));
        foreach (var item in root.Items.Where(item => item.Kind != JsonValueKind.Object))
            mistakes.Add(new(file, item.Line, $"{shape.Item} must be an object, but is {item.Words}"));
        return root.Items.Where(item => item.Kind == JsonValueKind.Object);
    }
}
