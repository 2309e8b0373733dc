using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Symbolon.Mock.Data;

/// <summary>Which items a query asks for: by member, with the operators of json-server, and by full text.</summary>
/// <remarks>json-server 0.17, "Filter", "Operators" and "Full-text search".</remarks>
internal static class DataFilter
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250); // a pattern comes from outside
    private static readonly string[] Operators = ["_gte", "_lte", "_like", "_ne"];

    // Parameters that say something else. Those that no item has as a member are ignored, as json-server does: a cache buster must not empty a list.
    private static readonly HashSet<string> Others =
        new(["q", "_start", "_end", "_page", "_limit", "_sort", "_order", "_embed", "_expand", "_", "callback"], StringComparer.Ordinal);

    /// <summary>The items that pass, in their order.</summary>
    /// <exception cref="RegexParseException">A pattern of <c>_like</c> cannot be read.</exception>
    /// <exception cref="RegexMatchTimeoutException">It takes too long.</exception>
    public static IEnumerable<JsonObject> Apply(IEnumerable<JsonObject> items, DataRequest request)
    {
        var all = items.ToList();
        IEnumerable<JsonObject> passing = all;
        if (request.First("q") is { } text) passing = passing.Where(item => item.Any(member => Holds(member.Value, text)));
        foreach (var wanted in request.Query.Where(pair => !Others.Contains(pair.Key)).GroupBy(pair => pair.Key, pair => pair.Value))
        {
            var @operator = Operators.FirstOrDefault(end => wanted.Key.EndsWith(end, StringComparison.Ordinal) && wanted.Key.Length > end.Length);
            if (@operator is null && !all.Exists(item => JsValue.Has(item, wanted.Key))) continue;
            var path = wanted.Key[..^(@operator?.Length ?? 0)];
            var test = Test(@operator, [.. wanted]);
            passing = passing.Where(item => JsValue.At(item, path) is { } value && test(value));
        }

        return passing;
    }

    // Several values of one parameter: any of them; with _ne none of them.
    private static Func<JsonNode, bool> Test(string? @operator, IReadOnlyList<string> wanted) => @operator switch
    {
        "_gte" => value => wanted.Any(least => JsValue.Compare(value, least) >= 0),
        "_lte" => value => wanted.Any(most => JsValue.Compare(value, most) <= 0),
        "_ne" => value => wanted.All(other => JsValue.Text(value) != other),
        "_like" => Like(wanted),
        _ => value => wanted.Any(same => JsValue.Text(value) == same),
    };

    private static Func<JsonNode, bool> Like(IReadOnlyList<string> patterns)
    {
        var expressions = patterns.Select(pattern => new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Patience)).ToList();
        return value => expressions.Exists(expression => expression.IsMatch(JsValue.Text(value)));
    }

    // At any depth, in values, not in names.
    private static bool Holds(JsonNode? value, string text) => value switch
    {
        null => false,
        JsonArray list => list.Any(item => Holds(item, text)),
        JsonObject inner => inner.Any(member => Holds(member.Value, text)),
        _ => JsValue.Text(value).Contains(text, StringComparison.OrdinalIgnoreCase),
    };
}
