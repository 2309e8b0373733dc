using System.Text.RegularExpressions;

namespace Symbolon.Storage;

/// <summary>A statement's text. Each has a number, by which a connection finds what it prepared without hashing the text.</summary>
/// <remarks>Parameters are numbered from left to right where the text does not: Microsoft.Data.Sqlite knows a parameter by its name, and <c>?</c> alone has none.</remarks>
internal sealed partial class Sql
{
    private static int last = -1;

    public Sql(string text)
    {
        var number = 0;
        Text = Unnumbered().Replace(text, _ => $"?{++number}");
    }

    public int Index { get; } = Interlocked.Increment(ref last);

    public string Text { get; }

    [GeneratedRegex(@"\?(?!\d)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unnumbered();
}
