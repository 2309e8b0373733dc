using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Symbolon.Mock.Data;

/// <summary>Values as JavaScript turns them into text and compares them: what people's queries rely on.</summary>
internal static class JsValue
{
    /// <summary>A value as text: 1, true, "a,b" for an array; an object has none that anybody would ask for.</summary>
    public static string Text(JsonNode? value) => value switch
    {
        null => "null",
        JsonArray list => string.Join(',', list.Select(item => item is null ? "" : Text(item))),
        JsonObject => "[object Object]",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Number => value.ToJsonString() is var literal && IsWhole(literal) ? literal : Text(Number(value)),
            JsonValueKind.True => "true",
            _ => "false",
        },
    };

    /// <summary>The value at a path such as <c>author.name</c>; a member whose whole name that is comes first.</summary>
    public static JsonNode? At(JsonNode? item, string path) => Find(item, path, out var value) ? value : null;

    /// <summary>Whether there is something at a path, be it null.</summary>
    public static bool Has(JsonNode? item, string path) => Find(item, path, out _);

    /// <summary>Order as <c>&lt;</c> sees it: two texts by their letters, anything else as numbers; what is no number is neither less nor more.</summary>
    public static int? Compare(JsonNode? one, JsonNode? other)
    {
        if (IsText(one) && IsText(other)) return Math.Sign(string.CompareOrdinal(one!.GetValue<string>(), other!.GetValue<string>()));
        var (left, right) = (Number(one), Number(other));
        return double.IsNaN(left) || double.IsNaN(right) ? null : left.CompareTo(right);
    }

    /// <summary>A value as a number; NaN when it is none.</summary>
    public static double Number(JsonNode? value) => value?.GetValueKind() switch
    {
        null => double.NaN,
        JsonValueKind.Number => double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => value.GetValue<string>().Trim() is var text && text.Length == 0 ? 0
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN,
        _ => double.NaN,
    };

    /// <summary>Whether two ids are the same, written as a number or as text.</summary>
    public static bool IsSameId(JsonNode? one, JsonNode? other) => one is not null && other is not null && Text(one) == Text(other);

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;

    // Ids of 64 bits have more digits than a JavaScript number: they are kept as they stand.
    private static bool IsWhole(string literal) => literal != "-0" && literal.AsSpan().TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0;

    // 1 and 1.0 are one number; whole ones have all their digits.
    private static string Text(double number) =>
        number == 0 ? "0" : Math.Abs(number) < 1e21 && number == Math.Floor(number) ? number.ToString("F0", CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture);

    private static bool Find(JsonNode? item, string path, out JsonNode? value)
    {
        value = null;
        if (item is JsonObject whole && whole.TryGetPropertyValue(path, out value)) return true;
        value = item;
        foreach (var name in path.Split('.'))
        {
            if (value is JsonObject inner && inner.TryGetPropertyValue(name, out value)) continue;
            if (value is JsonArray list && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < list.Count) value = list[at];
            else return false;
        }

        return true;
    }
}
