using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Symbolon.Storage;

/// <summary>The functions of SQLite's C interface that are used (https://www.sqlite.org/c3ref/funclist.html), under their own names.</summary>
/// <remarks>
/// Why not Microsoft.Data.Sqlite: a refresh costs half as much again in it (docs/decisions), and it answers a locked database by sleeping.
/// Functions that touch only memory skip the switch to unmanaged mode, which would cost more than they do.
/// </remarks>
[SuppressMessage("Naming", "CA1707", Justification = "SQLite's own names.")]
internal static unsafe partial class SqliteNative
{
    public const int Ok = 0, Row = 100, Done = 101;
    public const int OpenReadWrite = 0x2, OpenCreate = 0x4, OpenNoMutex = 0x8000;
    public const uint PreparePersistent = 1;

    /// <summary>Tells SQLite to copy what is bound (SQLITE_TRANSIENT).</summary>
    public const nint Transient = -1;

    [LibraryImport(SqliteLibrary.Name)] public static partial int sqlite3_libversion_number();
    [LibraryImport(SqliteLibrary.Name)] public static partial int sqlite3_open_v2(byte* file, nint* db, int flags, byte* vfs);
    [LibraryImport(SqliteLibrary.Name)] public static partial int sqlite3_close_v2(nint db);
    [LibraryImport(SqliteLibrary.Name)] public static partial int sqlite3_extended_result_codes(nint db, int on);
    [LibraryImport(SqliteLibrary.Name)] public static partial int sqlite3_busy_timeout(nint db, int milliseconds);
    [LibraryImport(SqliteLibrary.Name)] public static partial int sqlite3_exec(nint db, byte* sql, nint callback, nint argument, byte** error);
    [LibraryImport(SqliteLibrary.Name)] public static partial int sqlite3_prepare_v3(nint db, byte* sql, int length, uint flags, nint* statement, byte** tail);
    [LibraryImport(SqliteLibrary.Name)] public static partial int sqlite3_step(nint statement);
    [LibraryImport(SqliteLibrary.Name)] public static partial int sqlite3_reset(nint statement);
    [LibraryImport(SqliteLibrary.Name)] public static partial int sqlite3_finalize(nint statement);
    [LibraryImport(SqliteLibrary.Name)] public static partial byte* sqlite3_errmsg(nint db);
    [LibraryImport(SqliteLibrary.Name)] public static partial byte* sqlite3_errstr(int code);

    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial int sqlite3_changes(nint db);
    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial int sqlite3_get_autocommit(nint db);
    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial int sqlite3_bind_null(nint statement, int index);
    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial int sqlite3_bind_int64(nint statement, int index, long value);
    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial int sqlite3_bind_zeroblob(nint statement, int index, int length);
    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial int sqlite3_bind_blob(nint statement, int index, byte* value, int length, nint destructor);
    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial int sqlite3_bind_text(nint statement, int index, byte* value, int length, nint destructor);
    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial int sqlite3_column_type(nint statement, int column);
    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial long sqlite3_column_int64(nint statement, int column);
    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial byte* sqlite3_column_text(nint statement, int column);
    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial byte* sqlite3_column_blob(nint statement, int column);
    [LibraryImport(SqliteLibrary.Name), SuppressGCTransition] public static partial int sqlite3_column_bytes(nint statement, int column);
}
