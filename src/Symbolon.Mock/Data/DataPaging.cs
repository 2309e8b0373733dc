using System.Globalization;
using System.Text.Json.Nodes;

namespace Symbolon.Mock.Data;

/// <summary>Sorting, slicing and paging of a list.</summary>
/// <remarks>json-server 0.17, "Sort", "Slice" and "Paginate".</remarks>
internal static class DataPaging
{
    private const int ItemsOnAPage = 10;

    /// <summary>Sorts by <c>_sort</c> and <c>_order</c>: several with commas, ascending where nothing is said; what has no value comes last.</summary>
    public static IEnumerable<JsonObject> Sort(IEnumerable<JsonObject> items, DataRequest request)
    {
        if (request.First("_sort") is not { } sort) return items;
        var orders = (request.First("_order") ?? "").Split(',');
        var by = sort.Split(',').Select((path, i) => (Path: path, Sign: i < orders.Length && orders[i].Equals("desc", StringComparison.OrdinalIgnoreCase) ? -1 : 1)).ToList();
        return items.Order(Comparer<JsonObject>.Create((one, other) => by
            .Select(key => key.Sign * Compare(JsValue.At(one, key.Path), JsValue.At(other, key.Path)))
            .FirstOrDefault(order => order != 0)));
    }

    /// <summary>The part that is asked for; the total where one is.</summary>
    public static DataAnswer Take(List<JsonObject> items, DataRequest request)
    {
        var (page, end, limit) = (request.First("_page"), request.First("_end"), request.First("_limit"));
        if (page is null && end is null && limit is null) return Answer(items, null);
        if (page is not null) return Page(items, Math.Max(1, Whole(page, 1)), Math.Max(1, Whole(limit, ItemsOnAPage)));
        var start = Index(Whole(request.First("_start"), 0), items.Count);
        var stop = end is not null ? Index(Whole(end, 0), items.Count) : Math.Min(items.Count, start + (long)Math.Max(0, Whole(limit, 0)));
        return Answer(items[start..Math.Max(start, (int)stop)], items.Count);
    }

    private static DataAnswer Page(List<JsonObject> items, int page, int size)
    {
        var (start, end) = ((page - 1) * (long)size, page * (long)size);
        var part = start >= items.Count ? [] : items[(int)start..(int)Math.Min(end, items.Count)];
        if (part.Count == 0 || part.Count == items.Count) return Answer(part, items.Count);
        var last = (items.Count + size - 1) / size;
        return Answer(part, items.Count) with { Links = new DataLinks(1, page > 1 ? page - 1 : null, end < items.Count ? page + 1 : null, last) };
    }

    private static DataAnswer Answer(IEnumerable<JsonObject> items, int? total) => new(200, new JsonArray([.. items.Select(item => item.DeepClone())])) { Total = total };

    // As Array.prototype.slice counts: negative from the end.
    private static int Index(int wanted, int count) => wanted < 0 ? Math.Max(0, count + wanted) : Math.Min(wanted, count);

    private static int Whole(string? text, int otherwise) => double.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : otherwise;

    private static int Compare(JsonNode? one, JsonNode? other) =>
        one is null || other is null ? (one is null ? 1 : 0) - (other is null ? 1 : 0) : JsValue.Compare(one, other) ?? 0;
}
