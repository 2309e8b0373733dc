using Microsoft.Data.Sqlite;

namespace Symbolon.Storage;

/// <summary>Brings a database file to the schema of this program: numbered scripts, each applied once, all under one lock.</summary>
internal static class SqliteSchema
{
    // "SYMB": says whose file it is (https://www.sqlite.org/pragma.html#pragma_application_id).
    private const int ApplicationId = 0x53594D42;
    private const int Attempts = 500;

    // A refresh rewrites one page, in the log and later in the file: with many sessions, half the usual size costs a fifth less, and with few
    // nothing. It holds four sessions. Only a new file takes it over.
    private const string PageSize = "PRAGMA page_size=2048";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(20);
    private static readonly Lazy<IReadOnlyList<string>> Known = new(() => Scripts.Of("Sqlite"));

    /// <summary>The schema that this program knows.</summary>
    public static int Newest => Known.Value.Count;

    /// <summary>Makes or migrates the file; any number of processes may do so at once. Answers the version.</summary>
    /// <exception cref="StorageStartException">The file cannot be used.</exception>
    public static int Prepare(string file)
    {
        try
        {
            var made = !File.Exists(file);
            using var db = new StoreConnection(file, create: true, Patience);
            InTransaction(db, "BEGIN", () => Recognize(db, file)); // before anything is changed
            // Password hashes and sealed keys are nobody else's business; the log beside it takes over the mode.
            if (made && !OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            db.Execute(PageSize);
            UseWriteAheadLog(db);
            InTransaction(db, "BEGIN IMMEDIATE", () => Migrate(db, file));
            return Newest;
        }
        catch (SqliteException failure)
        {
            throw new StorageStartException(Explain(failure, file), failure);
        }
    }

    /// <summary>Refuses a file whose schema is not exactly the one of this program; changes nothing.</summary>
    /// <exception cref="StorageStartException">It is another.</exception>
    public static void RequireCurrent(StoreConnection db, string file)
    {
        if (Recognize(db, file) is var version && version < Newest)
            throw new StorageStartException(version == 0 ? $"'{file}' holds nothing." : $"'{file}' was written by an older version (schema {version}, this program knows {Newest}). Start this version on it once.");
    }

    private static void Migrate(StoreConnection db, string file)
    {
        var version = Recognize(db, file); // again: another server may have been quicker
        if (version == Newest) return;
        for (var next = version; next < Newest; next++) db.Execute(Known.Value[next]);
        db.Execute($"PRAGMA application_id={ApplicationId}; PRAGMA user_version={Newest}");
    }

    // Its questions make sense only together: asked in one transaction.
    private static int Recognize(StoreConnection db, string file)
    {
        var (version, owner) = (db.Query("PRAGMA user_version"), db.Query("PRAGMA application_id"));
        if (owner != ApplicationId && (version != 0 || db.Query("SELECT count(*) FROM sqlite_master") > 0))
            throw new StorageStartException($"'{file}' is the database of another program. Give Symbolon a file of its own in ConnectionStrings:Symbolon.");
        if (version > Newest)
            throw new StorageStartException(
                $"'{file}' was written by a newer version (schema {version}, this program knows {Newest}). Start the newer version, or restore a backup from before the upgrade.");
        return (int)version;
    }

    private static void InTransaction(StoreConnection db, string begin, Action action)
    {
        db.Execute(begin);
        try
        {
            action();
            db.Execute("COMMIT");
        }
        catch
        {
            db.RollBack();
            throw;
        }
    }

    // The change of mode needs the file alone and does not wait by itself.
    private static void UseWriteAheadLog(StoreConnection db)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                db.Execute("PRAGMA journal_mode=WAL");
                return;
            }
            catch (SqliteException failure) when (failure.IsBusy && attempt < Attempts)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    private static string Explain(SqliteException failure, string file) =>
        Path.GetDirectoryName(file) is { } directory && !Directory.Exists(directory) ? $"The directory '{directory}' for the database does not exist. Make it, or change ConnectionStrings:Symbolon."
        : Directory.Exists(file) ? $"'{file}' is a directory. ConnectionStrings:Symbolon must name a file."
        : failure.IsNotADatabase ? $"'{file}' is not a SQLite database, or is damaged. Restore it, or give another file in ConnectionStrings:Symbolon."
        : failure.IsReadOnly || failure.IsCannotOpen ? $"'{file}' cannot be written. The process needs to write it and its directory; change their owner, or ConnectionStrings:Symbolon."
        : failure.IsBusy ? $"'{file}' is locked by another program. Stop that, then start again."
        : $"The database '{file}' cannot be opened: {failure.Message}";
}
