using System.Text.Json.Nodes;

namespace Symbolon.Mock.Data;

/// <summary>What is asked of the data.</summary>
/// <param name="Method">The method, in capitals.</param>
/// <param name="Segments">The path below the prefix: resource, id, nested resource.</param>
/// <param name="Query">The query, in its order.</param>
internal sealed record DataRequest(string Method, IReadOnlyList<string> Segments, IReadOnlyList<KeyValuePair<string, string>> Query)
{
    /// <summary>The body of a writing request.</summary>
    public JsonObject Body { get; init; } = [];

    /// <summary>The values of a parameter.</summary>
    public IEnumerable<string> All(string name) => Query.Where(pair => pair.Key == name).Select(pair => pair.Value);

    /// <summary>The first value of a parameter that is not empty, or null.</summary>
    public string? First(string name) => All(name).FirstOrDefault(value => value.Length > 0);
}

/// <summary>What the data answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body, a copy of its own.</param>
internal sealed record DataAnswer(int Status, JsonNode? Body)
{
    /// <summary>Nothing is there.</summary>
    public static DataAnswer NotFound => new(404, new JsonObject());

    /// <summary>How many there are in all, where a part was asked for.</summary>
    public int? Total { get; init; }

    /// <summary>The pages around this one.</summary>
    public DataLinks? Links { get; init; }

    /// <summary>The id of what was made; empty for a single resource.</summary>
    public string? Location { get; init; }

    /// <summary>What was wrong with the request; then there is no body.</summary>
    public string? Mistake { get; init; }

    /// <summary>A request that cannot be answered.</summary>
    public static DataAnswer Refused(int status, string why) => new(status, null) { Mistake = why };
}

/// <summary>The pages around a page; null where there is none.</summary>
internal sealed record DataLinks(int First, int? Prev, int? Next, int Last)
{
    /// <summary>Each with its name, in the order of json-server.</summary>
    public IEnumerable<(string Name, int Page)> All
    {
        get
        {
            yield return ("first", First);
            if (Prev is { } prev) yield return ("prev", prev);
            if (Next is { } next) yield return ("next", next);
            yield return ("last", Last);
        }
    }
}
