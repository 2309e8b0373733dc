using System.Text;
using Symbolon.Sessions;
using static Symbolon.Storage.SqliteNative;

namespace Symbolon.Storage;

/// <summary>A statement's text. Each has a number, by which a connection finds what it prepared without hashing the text.</summary>
internal sealed class Sql(string text)
{
    private static int last = -1;

    public int Index { get; } = Interlocked.Increment(ref last);

    public string Text => text;
}

/// <summary>A prepared statement: parameters are added, and columns are read, from left to right.</summary>
/// <remarks>Disposing makes it ready for the next use; its connection releases it.</remarks>
internal sealed unsafe class SqliteStatement(SqliteConnection connection, nint statement) : IDisposable
{
    private const int LongestOnStack = 512, NullType = 5;

    private int parameter;
    private int column;

    /// <summary>Moves to the next row; false when there is none.</summary>
    public bool Step()
    {
        column = 0;
        return sqlite3_step(statement) switch
        {
            Row => true,
            Done => false,
            var code => throw connection.Failure(code),
        };
    }

    /// <summary>Runs a statement without rows; answers how many rows it changed.</summary>
    public int Run()
    {
        try
        {
            Step();
            return connection.Changes;
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Reads all rows.</summary>
    public List<T> ToList<T>(Func<SqliteStatement, T> read)
    {
        try
        {
            var rows = new List<T>();
            while (Step()) rows.Add(read(this));
            return rows;
        }
        finally
        {
            Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = sqlite3_reset(statement); // repeats the error of the last step, which was thrown already
        parameter = 0;
    }

    public void Release() => _ = sqlite3_finalize(statement);

    public SqliteStatement Add(long value) => Bound(sqlite3_bind_int64(statement, ++parameter, value));

    public SqliteStatement Add(bool value) => Add(value ? 1L : 0L);

    public SqliteStatement Add(DateTimeOffset value) => Add(value.ToUnixTimeMilliseconds());

    public SqliteStatement Add(long? value) => value is { } some ? Add(some) : AddNull();

    public SqliteStatement Add(DateTimeOffset? value) => value is { } some ? Add(some) : AddNull();

    public SqliteStatement Add(SubjectId value) => Add(value.Value);

    public SqliteStatement Add(SessionId value)
    {
        Span<byte> bytes = stackalloc byte[SessionId.Size];
        value.Write(bytes);
        return Add(bytes);
    }

    public SqliteStatement Add(SessionId? value) => value is { } some ? Add(some) : AddNull();

    public SqliteStatement Add(Bytes16 value)
    {
        Span<byte> bytes = stackalloc byte[Bytes16.Size];
        value.Write(bytes);
        return Add(bytes);
    }

    public SqliteStatement Add(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return Bound(sqlite3_bind_zeroblob(statement, ++parameter, 0)); // bind_blob would make it NULL
        fixed (byte* bytes = value) return Bound(sqlite3_bind_blob(statement, ++parameter, bytes, value.Length, Transient));
    }

    public SqliteStatement Add(string? value)
    {
        if (value is null) return AddNull();
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var buffer = most <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[most];
        var length = Encoding.UTF8.GetBytes(value, buffer);
        fixed (byte* bytes = buffer) return Bound(sqlite3_bind_text(statement, ++parameter, bytes, length, Transient));
    }

    public bool IsNull() => sqlite3_column_type(statement, column) == NullType;

    public void Skip(int columns) => column += columns;

    public long Int64() => sqlite3_column_int64(statement, column++);

    public int Int32() => checked((int)Int64());

    public bool Boolean() => Int64() != 0;

    public DateTimeOffset Instant() => DateTimeOffset.FromUnixTimeMilliseconds(Int64());

    public DateTimeOffset? InstantOrNull() => IsNull() ? Null<DateTimeOffset?>() : Instant();

    public long? Int64OrNull() => IsNull() ? Null<long?>() : Int64();

    public string Text() => TextOrNull() ?? "";

    public string? TextOrNull()
    {
        var bytes = sqlite3_column_text(statement, column);
        return bytes is null ? Null<string?>() : Encoding.UTF8.GetString(bytes, sqlite3_column_bytes(statement, column++));
    }

    /// <summary>The bytes, valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob()
    {
        var bytes = sqlite3_column_blob(statement, column);
        return new ReadOnlySpan<byte>(bytes, sqlite3_column_bytes(statement, column++));
    }

    public Bytes16 Digest() => Bytes16.Read(Blob());

    public SessionId Sid() => SessionId.Read(Blob());

    public SessionId? SidOrNull() => IsNull() ? Null<SessionId?>() : Sid();

    private T? Null<T>()
    {
        column++;
        return default;
    }

    private SqliteStatement AddNull() => Bound(sqlite3_bind_null(statement, ++parameter));

    private SqliteStatement Bound(int code) => code == Ok ? this : throw connection.Failure(code);
}
