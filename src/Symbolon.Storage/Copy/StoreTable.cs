namespace Symbolon.Storage.Copy;

/// <summary>How a column's value stands on both engines. The name is PostgreSQL's; SQLite holds numbers and booleans as integers, ids of sessions as their 16 bytes.</summary>
internal enum ColumnKind
{
    Smallint,
    Integer,
    Bigint,
    Boolean,
    Text,
    Bytea,
    Uuid,
}

/// <summary>A column of a table that is copied.</summary>
internal sealed record StoreColumn(string Name, ColumnKind Kind, bool IsOptional);

/// <summary>A table that is copied, as data: what its columns mean is said in <c>Rows/</c>. Rows are read in the order of the key, which is the same on both engines: by bytes.</summary>
internal sealed class StoreTable
{
    /// <param name="name">The table's name on both engines.</param>
    /// <param name="key">The column by which rows are ordered; none other has its value.</param>
    /// <param name="columns">Name and kind of each, <c>?</c> behind what may be null.</param>
    public StoreTable(string name, string key, string columns)
    {
        (Name, Key) = (name, key);
        Columns = [.. columns.Split(',', StringSplitOptions.TrimEntries).Select(Parse)];
        ColumnList = string.Join(", ", Columns.Select(column => column.Name));
    }

    public string Name { get; }

    public string Key { get; }

    public IReadOnlyList<StoreColumn> Columns { get; }

    public string ColumnList { get; }

    /// <summary>The row's values: null, <see cref="long"/>, <see cref="string"/> or bytes, whatever the engine.</summary>
    public object?[] Read(StoreRow row)
    {
        var values = new object?[Columns.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (row.IsNull()) row.Skip(1);
            else values[i] = Value(row, Columns[i].Kind);
        }

        return values;
    }

    private static object Value(StoreRow row, ColumnKind kind) => kind switch
    {
        ColumnKind.Boolean => row.Boolean() ? 1L : 0L,
        ColumnKind.Text => row.Text(),
        ColumnKind.Bytea => row.Blob(),
        ColumnKind.Uuid => row.Sid().Value.ToByteArray(bigEndian: true),
        _ => row.Int64(),
    };

    private static StoreColumn Parse(string column)
    {
        var (name, kind) = column.Split(' ') is [var first, var second] ? (first, second) : throw new FormatException($"'{column}' is no column.");
        return new StoreColumn(name, Enum.Parse<ColumnKind>(kind.TrimEnd('?'), ignoreCase: true), kind.EndsWith('?'));
    }
}
