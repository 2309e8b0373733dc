using System.Buffers.Binary;
using Symbolon.Storage.Copy;

namespace Symbolon.StoreContract.Copy;

/// <summary>Rows with the values that are most easily lost on the way.</summary>
internal static class OddRows
{
    public const long LastRevocation = 1_000, LastEvent = 5_000_000_000;

    private const long Day = 86_400_000, Monday = 20_000 * Day;

    private static readonly string[] Texts =
    [
        "", " ", "\0", "a\0b", "a\u0001b", "a\u00010b", "\u0001\0\u00011", "☃ 😀 \uffff", "e\u0301", "'; DROP TABLE users; --", "\\N\t\r\n", "[]", "ÿ", new string('x', 5_000),
    ];

    public static IEnumerable<object?[]> Of(StoreTable table, int rows) =>
        table == StoreTables.System ? [[3L, 7L, 61_000L, 5L, LastRevocation, LastEvent]]
        : Enumerable.Range(1, rows).Select(number => table.Columns.Select((column, place) => Value(table, column, number, new Random(number * 100 + place))).ToArray());

    private static object? Value(StoreTable table, StoreColumn column, int number, Random chance)
    {
        if (column.IsOptional && chance.Next(3) == 0) return null;
        var isKey = column.Name == table.Key;
        return column.Kind switch
        {
            ColumnKind.Boolean => (long)chance.Next(2),
            ColumnKind.Text => Text(number, chance) + (isKey || column.Name is "kid" or "value" or "normalized_user_name" ? $" {number}" : ""),
            ColumnKind.Bytea => Blob(number, isKey ? 16 : chance.Next(40), chance),
            ColumnKind.Uuid => Blob(number, 16, chance),
            _ when isKey => (long)number * 3,
            _ when column.Name == "at" => Monday + chance.NextInt64(4 * Day),
            ColumnKind.Smallint => Pick(chance, 0, 1, short.MaxValue, short.MinValue),
            ColumnKind.Integer => Pick(chance, 0, 1, -1, int.MaxValue, int.MinValue),
            _ => Pick(chance, 0, -1, 1_767_225_600_000, long.MaxValue, long.MinValue),
        };
    }

    private static string Text(int number, Random chance) => chance.Next(2) == 0 ? Texts[number % Texts.Length] : Texts[chance.Next(Texts.Length)];

    private static long Pick(Random chance, params ReadOnlySpan<long> values) => values[chance.Next(values.Length)];

    private static byte[] Blob(int number, int length, Random chance)
    {
        var bytes = new byte[length];
        chance.NextBytes(bytes);
        if (length >= 4) BinaryPrimitives.WriteInt32BigEndian(bytes, number % 2 == 0 ? number : -number); // different, and not in order
        return bytes;
    }
}
