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

    /// <summary>Removes what belonged to a removed item, and what belonged to that.</summary>
    public static void RemoveDependents(JsonObject data, string resource, JsonNode? id)
    {
        foreach (var (name, value) in data.ToList())
        {
            if (value is not JsonArray items) continue;
            foreach (var orphan in items.OfType<JsonObject>().Where(item => JsValue.IsSameId(item[KeyTo(resource)], id)).ToList())
            {
                items.Remove(orphan);
                if (orphan["id"] is { } removed) RemoveDependents(data, name, removed);
            }
        }
    }
}
