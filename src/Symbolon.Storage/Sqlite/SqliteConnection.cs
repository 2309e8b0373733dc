using System.Runtime.InteropServices;
using System.Text;
using static Symbolon.Storage.SqliteNative;

namespace Symbolon.Storage;

/// <summary>One connection and its prepared statements. For one thread at a time: SQLite is asked to do without its own lock.</summary>
internal sealed unsafe class SqliteConnection : IDisposable
{
    private readonly nint db;
    private SqliteStatement?[] statements = [];

    /// <summary>Opens a file; makes it only when <paramref name="create"/> says so.</summary>
    public SqliteConnection(string file, bool create, TimeSpan busyTimeout)
    {
        SqliteLibrary.EnsureLoaded();
        nint opened;
        int code;
        fixed (byte* name = Terminated(file)) code = sqlite3_open_v2(name, &opened, OpenReadWrite | OpenNoMutex | (create ? OpenCreate : 0), null);
        db = opened;
        if (code != Ok)
        {
            var failure = Failure(code);
            _ = sqlite3_close_v2(db); // also a connection that failed to open has to be closed
            throw failure;
        }

        _ = sqlite3_extended_result_codes(db, 1);
        WaitWhenBusy(busyTimeout);
    }

    /// <summary>Whether a transaction is open. Some errors end one by themselves.</summary>
    public bool InTransaction => sqlite3_get_autocommit(db) == 0;

    /// <summary>Rows that the last INSERT, UPDATE or DELETE changed.</summary>
    public int Changes => sqlite3_changes(db);

    /// <summary>How long a lock of somebody else is waited for.</summary>
    public void WaitWhenBusy(TimeSpan timeout) => _ = sqlite3_busy_timeout(db, (int)timeout.TotalMilliseconds);

    /// <summary>The statement, prepared once per connection, ready to take its parameters. Dispose it when done: an unfinished read holds its snapshot.</summary>
    public SqliteStatement Use(Sql sql)
    {
        if (sql.Index >= statements.Length) Array.Resize(ref statements, sql.Index + 16);
        var statement = statements[sql.Index] ??= Prepare(sql.Text);
        statement.Dispose(); // in case an exception left it in the middle of something
        return statement;
    }

    /// <summary>Runs statements that have no parameters and whose rows do not matter.</summary>
    public void Execute(string script)
    {
        int code;
        fixed (byte* text = Terminated(script)) code = sqlite3_exec(db, text, 0, 0, null);
        if (code != Ok) throw Failure(code);
    }

    /// <summary>The first column of the first row of a query that is not worth keeping.</summary>
    public long Query(string query)
    {
        var statement = Prepare(query);
        try
        {
            return statement.Step() ? statement.Int64() : throw new InvalidOperationException($"'{query}' has no row.");
        }
        finally
        {
            statement.Release();
        }
    }

    /// <summary>Takes back what the open transaction did, if one is open.</summary>
    public void RollBack()
    {
        if (InTransaction) Execute("ROLLBACK");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in statements) statement?.Release();
        statements = [];
        _ = sqlite3_close_v2(db);
    }

    internal SqliteFailure Failure(int code) =>
        new(code, (db == 0 ? Marshal.PtrToStringUTF8((nint)sqlite3_errstr(code)) : Marshal.PtrToStringUTF8((nint)sqlite3_errmsg(db))) ?? "unknown error");

    private SqliteStatement Prepare(string text)
    {
        nint statement;
        int code;
        fixed (byte* sql = Terminated(text)) code = sqlite3_prepare_v3(db, sql, -1, PreparePersistent, &statement, null);
        return code == Ok ? new SqliteStatement(this, statement) : throw Failure(code);
    }

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
