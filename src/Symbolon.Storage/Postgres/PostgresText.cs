namespace Symbolon.Storage;

/// <summary>Text as PostgreSQL can hold it: a NUL, which it cannot, is written as U+0001 and <c>0</c>; a U+0001 as itself and <c>1</c>. Equal texts stay equal, others different.</summary>
internal static class PostgresText
{
    private const char Escape = '\u0001';

    public static string Write(string text) => !text.AsSpan().ContainsAny('\0', Escape) ? text
        : text.Replace("\u0001", "\u00011", StringComparison.Ordinal).Replace("\0", "\u00010", StringComparison.Ordinal);

    public static string Read(string text) => !text.Contains(Escape) ? text
        : text.Replace("\u00010", "\0", StringComparison.Ordinal).Replace("\u00011", "\u0001", StringComparison.Ordinal);
}
