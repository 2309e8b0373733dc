namespace Symbolon.Mock.Data;

/// <summary>Singular and plural of English names of resources, as far as people name resources.</summary>
internal static class Plurals
{
    private static readonly (string One, string Many)[] Irregular =
    [
        ("person", "people"), ("child", "children"), ("man", "men"), ("woman", "women"), ("mouse", "mice"), ("foot", "feet"), ("tooth", "teeth"), ("goose", "geese"),
        ("datum", "data"), ("index", "indices"), ("status", "statuses"), ("bus", "buses"), ("movie", "movies"), ("cookie", "cookies"), ("analysis", "analyses"),
    ];

    private static readonly string[] Same = ["news", "series", "species", "media", "sheep", "fish"];

    /// <summary><c>posts</c> → <c>post</c>, <c>categories</c> → <c>category</c>; the end of <c>blogPosts</c> counts.</summary>
    public static string Singular(string many)
    {
        foreach (var (one, all) in Irregular)
        {
            if (many.EndsWith(all, StringComparison.OrdinalIgnoreCase)) return many[..^all.Length] + Like(many[^all.Length], one);
        }

        return Array.Exists(Same, many.Equals) || !Ends(many, "s") || Ends(many, "ss") ? many
            : Ends(many, "ies") && many.Length > 3 ? many[..^3] + "y"
            : Ends(many, "sses") || Ends(many, "shes") || Ends(many, "ches") || Ends(many, "xes") || Ends(many, "zzes") ? many[..^2]
            : many[..^1];
    }

    private static bool Ends(string text, string end) => text.EndsWith(end, StringComparison.OrdinalIgnoreCase);

    private static string Like(char first, string word) => char.IsUpper(first) ? char.ToUpperInvariant(word[0]) + word[1..] : word;
}
