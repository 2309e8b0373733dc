using System.Globalization;
using Microsoft.Data.Sqlite;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>A prepared command: parameters are added, and columns are read, from left to right.</summary>
/// <remarks>Disposing makes it ready for the next use; its connection releases it. Parameters are made once and only take new values.</remarks>
internal sealed class SqliteStatement(SqliteCommand command) : StoreRow, IDisposable
{
    private static readonly object True = 1L, False = 0L;

    private readonly List<SqliteParameter> parameters = [];
    private SqliteDataReader? rows;
    private int parameter;
    private int column;

    private SqliteDataReader Row => rows ?? throw new InvalidOperationException("There is no row before the first step.");

    /// <summary>Moves to the next row; false when there is none.</summary>
    public bool Step()
    {
        column = 0;
        rows ??= command.ExecuteReader();
        return rows.Read();
    }

    /// <summary>Runs a statement without rows; answers how many rows it changed.</summary>
    public int Run()
    {
        parameter = 0;
        return command.ExecuteNonQuery();
    }

    /// <summary>Reads all rows.</summary>
    public List<T> ToList<T>(Func<SqliteStatement, T> read)
    {
        try
        {
            var list = new List<T>();
            while (Step()) list.Add(read(this));
            return list;
        }
        finally
        {
            Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        rows?.Dispose();
        rows = null;
        parameter = 0;
    }

    public void Release()
    {
        Dispose();
        command.Dispose();
    }

    public SqliteStatement Add(long value) => Set(value);

    public SqliteStatement Add(bool value) => Set(value ? True : False);

    public SqliteStatement Add(DateTimeOffset value) => Add(value.ToUnixTimeMilliseconds());

    public SqliteStatement Add(long? value) => Set(value);

    public SqliteStatement Add(DateTimeOffset? value) => Set(value?.ToUnixTimeMilliseconds());

    public SqliteStatement Add(SubjectId value) => Add(value.Value);

    public SqliteStatement Add(SessionId value)
    {
        var bytes = new byte[SessionId.Size];
        value.Write(bytes);
        return Set(bytes);
    }

    public SqliteStatement Add(SessionId? value) => value is { } some ? Add(some) : Set(null);

    public SqliteStatement Add(Bytes16 value)
    {
        var bytes = new byte[Bytes16.Size];
        value.Write(bytes);
        return Set(bytes);
    }

    public SqliteStatement Add(byte[] value) => Set(value);

    public SqliteStatement Add(string? value) => Set(value);

    /// <summary>A value as SQLite has it: null, <see cref="long"/>, <see cref="string"/> or bytes.</summary>
    public SqliteStatement AddValue(object? value) => Set(value);

    public override bool IsNull() => Row.IsDBNull(column);

    public override void Skip(int columns) => column += columns;

    public override long Int64() => Row.GetInt64(column++);

    public override bool Boolean() => Int64() != 0;

    public override string Text() => Row.GetString(column++);

    public override byte[] Blob() => Row.GetFieldValue<byte[]>(column++);

    public override SessionId Sid() => SessionId.Read(Blob());

    private SqliteStatement Set(object? value)
    {
        if (parameter == parameters.Count)
            parameters.Add(command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"?{parameter + 1}"), null));
        parameters[parameter++].Value = value ?? DBNull.Value;
        return this;
    }
}
