using System.Text.Json;
using System.Text.Json.Nodes;

namespace Symbolon.Mock.Data;

/// <summary>How resources hang together: a comment with <c>postId</c> belongs to the post of that id.</summary>
/// <remarks>json-server 0.17, "Relationships".</remarks>
internal static class DataRelations
{
    /// <summary>The member by which an item names its parent: <c>posts</c> → <c>postId</c>.</summary>
    public static string KeyTo(string parents) => Plurals.Singular(parents) + "Id";

    /// <summary>Adds the children that <c>_embed</c> names and the parents that <c>_expand</c> names to a copy of an item.</summary>
    public static void Join(JsonObject data, string resource, JsonObject copy, DataRequest request)
    {
        foreach (var name in request.All("_embed"))
        {
            if (data[name] is JsonArray children)
                copy[name] = new JsonArray([.. children.OfType<JsonObject>().Where(child => JsValue.IsSameId(child[KeyTo(resource)], copy["id"])).Select(child => child.DeepClone())]);
        }

        foreach (var name in request.All("_expand"))
        {
            var parents = data.FirstOrDefault(pair => pair.Value is JsonArray && Plurals.Singular(pair.Key) == name).Value as JsonArray;
            if (parents is not null && Find(parents, copy[name + "Id"]) is { } parent) copy[name] = parent.DeepClone();
        }
    }

    /// <summary>The item of an id, or null.</summary>
    public static JsonObject? Find(JsonArray items, JsonNode? id) => items.OfType<JsonObject>().FirstOrDefault(item => JsValue.IsSameId(item["id"], id));

    /// <summary>Whether a value can be an id: a number, or a text.</summary>
    public static bool IsId(JsonNode value) => value.GetValueKind() == JsonValueKind.Number || (value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length > 0);

    /// <summary>Removes what belonged to a removed item, and what belonged to that: level by level, so that a long line of descendants takes no longer than a broad one.</summary>
    public static void RemoveDependents(JsonObject data, string resource, JsonNode? id)
    {
        if (id is null) return;
        var collections = data.Where(pair => pair.Value is JsonArray).ToDictionary(pair => pair.Key, pair => pair.Value!.AsArray());
        var children = new Dictionary<(string Name, string Parents), ILookup<string, JsonObject>>();
        var orphans = new HashSet<JsonNode>(ReferenceEqualityComparer.Instance);
        var parents = new Queue<(string Resource, string Id)>([(resource, JsValue.Text(id))]);
        while (parents.TryDequeue(out var parent))
        {
            foreach (var (name, items) in collections)
            {
                if (!children.TryGetValue((name, parent.Resource), out var known)) children[(name, parent.Resource)] = known = ByParent(items, KeyTo(parent.Resource));
                foreach (var orphan in known[parent.Id])
                    if (orphans.Add(orphan) && orphan["id"] is { } own) parents.Enqueue((name, JsValue.Text(own)));
            }
        }

        foreach (var items in collections.Values) items.RemoveAll(item => item is not null && orphans.Contains(item));
    }

    private static ILookup<string, JsonObject> ByParent(JsonArray items, string key) => items.OfType<JsonObject>().Where(item => item[key] is not null).ToLookup(item => JsValue.Text(item[key]), StringComparer.Ordinal);
}
