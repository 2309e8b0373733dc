using Npgsql;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>The row on which a reader of Npgsql stands.</summary>
internal sealed class PostgresRow(NpgsqlDataReader reader) : StoreRow
{
    private int column;

    /// <summary>Moves to the next row; false when there is none.</summary>
    public Task<bool> NextAsync()
    {
        column = 0;
        return reader.ReadAsync();
    }

    public override bool IsNull() => reader.IsDBNull(column);

    public override void Skip(int columns) => column += columns;

    public override long Int64() => reader.GetInt64(column++);

    public override bool Boolean() => reader.GetBoolean(column++);

    public override string Text() => PostgresText.Read(reader.GetString(column++));

    public override byte[] Blob() => reader.GetFieldValue<byte[]>(column++);

    public override SessionId Sid() => new(reader.GetGuid(column++));
}
