using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Symbolon.Mock.Data;

/// <summary>The data, and what requests do to them. One at a time; every answer is a copy.</summary>
/// <param name="start">What it begins with; not changed.</param>
internal sealed class DataStore(JsonObject start)
{
    private const double MostOfIds = 9e18; // far enough from what a long cannot hold
    private readonly Lock gate = new();
    private readonly JsonObject data = start.DeepClone().AsObject();
    private int made;

    /// <summary>Whether there is a resource of a name.</summary>
    public bool Has(string resource)
    {
        lock (gate) return data.ContainsKey(resource);
    }

    /// <summary>Everything, as it is now.</summary>
    public JsonObject Snapshot()
    {
        lock (gate) return data.DeepClone().AsObject();
    }

    /// <summary>Answers a request.</summary>
    public DataAnswer Handle(DataRequest request)
    {
        lock (gate)
        {
            return (request.Segments.Count, request.Segments.Count > 0 ? data[request.Segments[0]] : null) switch
            {
                (1, JsonArray items) => OfCollection(request.Segments[0], items, request),
                (1, JsonObject) => OfSingle(request.Segments[0], request),
                (2, JsonArray items) => OfItem(request.Segments[0], items, request),
                (3, JsonArray parents) => OfNested(request.Segments[0], parents, request),
                _ => DataAnswer.NotFound,
            };
        }
    }

    private DataAnswer OfCollection(string resource, JsonArray items, DataRequest request) => request.Method switch
    {
        "GET" or "HEAD" => List(resource, items, request),
        "POST" => Add(items, request.Body),
        _ => DataAnswer.NotFound,
    };

    private DataAnswer List(string resource, JsonArray items, DataRequest request)
    {
        try
        {
            var answer = DataPaging.Take([.. DataPaging.Sort(DataFilter.Apply(items.OfType<JsonObject>(), request), request)], request);
            foreach (var copy in answer.Body!.AsArray().OfType<JsonObject>()) DataRelations.Join(data, resource, copy, request);
            return answer;
        }
        catch (Exception e) when (e is RegexParseException or RegexMatchTimeoutException)
        {
            return DataAnswer.Refused(400, "The pattern of a _like parameter cannot be read, or takes too long.");
        }
    }

    private DataAnswer Add(JsonArray items, JsonObject body)
    {
        var item = body.DeepClone().AsObject();
        if (item["id"] is { } given && !DataRelations.IsId(given)) return DataAnswer.Refused(400, "An id is a number or a text: leave it out, and one is made.");
        if (item["id"] is { } wished && DataRelations.Find(items, wished) is not null) return DataAnswer.Refused(409, "The id is taken: leave it out, and one is made.");
        if (item["id"] is null) item["id"] = NewId(items);
        items.Add(item);
        return new DataAnswer(201, item.DeepClone()) { Location = JsValue.Text(item["id"]) };
    }

    // The greatest number and one; where ids are texts, a text that is not there yet: the same at every start, for tests.
    private JsonNode NewId(JsonArray items)
    {
        var ids = items.OfType<JsonObject>().Select(item => item["id"]).OfType<JsonNode>().ToList();
        if (ids.TrueForAll(id => id.GetValueKind() == JsonValueKind.Number && JsValue.Number(id) < MostOfIds))
        {
            var next = ids.Count == 0 ? 1 : (long)ids.Max(JsValue.Number) + 1;
            while (DataRelations.Find(items, next) is not null) next++; // of long ids the greatest is known only about
            return next;
        }

        string id;
        do id = $"new{++made}";
        while (DataRelations.Find(items, id) is not null);
        return id;
    }

    private DataAnswer OfItem(string resource, JsonArray items, DataRequest request)
    {
        if (DataRelations.Find(items, request.Segments[1]) is not { } item) return DataAnswer.NotFound;
        switch (request.Method)
        {
            case "GET" or "HEAD":
                var copy = item.DeepClone().AsObject();
                DataRelations.Join(data, resource, copy, request);
                return new DataAnswer(200, copy);
            case "PUT":
                var kept = item["id"]?.DeepClone();
                item.Clear();
                Merge(item, request.Body);
                item["id"] = kept;
                return new DataAnswer(200, item.DeepClone());
            case "PATCH":
                Merge(item, request.Body);
                return new DataAnswer(200, item.DeepClone());
            case "DELETE":
                items.Remove(item);
                DataRelations.RemoveDependents(data, resource, item["id"]);
                return new DataAnswer(200, new JsonObject());
            default: return DataAnswer.NotFound;
        }
    }

    private DataAnswer OfSingle(string resource, DataRequest request)
    {
        switch (request.Method)
        {
            case "GET" or "HEAD": break;
            case "POST" or "PUT": data[resource] = request.Body.DeepClone(); break;
            case "PATCH":
                foreach (var (name, value) in request.Body) data[resource]![name] = value?.DeepClone();
                break;
            default: return DataAnswer.NotFound;
        }

        return new DataAnswer(request.Method == "POST" ? 201 : 200, data[resource]!.DeepClone()) { Location = request.Method == "POST" ? "" : null };
    }

    private DataAnswer OfNested(string resource, JsonArray parents, DataRequest request)
    {
        var (id, nested, key) = (request.Segments[1], request.Segments[2], DataRelations.KeyTo(request.Segments[0]));
        if (data[nested] is not JsonArray items) return DataAnswer.NotFound;
        switch (request.Method)
        {
            case "GET" or "HEAD":
                var own = new JsonArray([.. items.OfType<JsonObject>().Where(item => JsValue.IsSameId(item[key], id)).Select(item => item.DeepClone())]);
                return List(nested, own, request);
            case "POST":
                var body = request.Body.DeepClone().AsObject();
                body[key] = DataRelations.Find(parents, id)?["id"]?.DeepClone() ?? id;
                return Add(items, body);
            default: return DataAnswer.NotFound;
        }
    }

    // An id is never changed.
    private static void Merge(JsonObject item, JsonObject body)
    {
        foreach (var (name, value) in body)
        {
            if (name != "id") item[name] = value?.DeepClone();
        }
    }
}
