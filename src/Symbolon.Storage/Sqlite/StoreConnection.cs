using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Symbolon.Storage;

/// <summary>One connection of Microsoft.Data.Sqlite and its prepared commands. For one thread at a time.</summary>
internal sealed class StoreConnection : IDisposable
{
    // Microsoft.Data.Sqlite answers "busy" by sleeping 150 ms and trying again until this many seconds are over, and 0 means for ever. SQLite's own
    // busy_timeout waits for a lock, as long as we choose; a second that was over before it began makes the first "busy" the last.
    private const int NoSleeping = -1;

    private readonly SqliteConnection db;
    private SqliteStatement?[] statements = [];

    /// <summary>Opens a file; makes it only when <paramref name="create"/> says so.</summary>
    public StoreConnection(string file, bool create, TimeSpan busyTimeout)
    {
        SqliteLibrary.EnsureLoaded();
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false, // writer and readers keep theirs
        };
        db = new SqliteConnection(settings.ToString());
        try
        {
            db.Open();
            Execute($"PRAGMA busy_timeout={(int)busyTimeout.TotalMilliseconds}");
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Whether a transaction is open. Some errors end one by themselves.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(db.Handle) == 0;

    /// <summary>The newest revocation entry that the open transaction has appended; null when it has appended none.</summary>
    public long? AppendedRevocation { get; set; }

    /// <summary>The statement, prepared once per connection, ready to take its parameters. Dispose it when done: an unfinished read holds its snapshot.</summary>
    public SqliteStatement Use(Sql sql)
    {
        if (sql.Index >= statements.Length) Array.Resize(ref statements, sql.Index + 16);
        var statement = statements[sql.Index] ??= Prepare(sql);
        statement.Dispose(); // in case an exception left it in the middle of something
        return statement;
    }

    /// <summary>Runs statements that have no parameters and whose rows do not matter.</summary>
    public void Execute(string script)
    {
        using var command = Command(script);
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row of a query that is not worth keeping.</summary>
    public long Query(string query)
    {
        using var command = Command(query);
        return command.ExecuteScalar() is long answer ? answer : throw new InvalidOperationException($"'{query}' has no number.");
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
        db.Dispose();
    }

    private SqliteStatement Prepare(Sql sql)
    {
        var command = Command(sql.Text);
        command.Prepare();
        return new SqliteStatement(command);
    }

    private SqliteCommand Command(string text)
    {
        var command = db.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (text, NoSleeping);
        return command;
    }
}
