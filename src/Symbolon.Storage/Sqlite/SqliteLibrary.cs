using System.Runtime.InteropServices;
using SQLitePCL;

namespace Symbolon.Storage;

/// <summary>Finds the operating system's SQLite: it is patched with the system, so none is shipped.</summary>
internal static class SqliteLibrary
{
    // The name under which SQLitePCLRaw imports it.
    private const string Name = "e_sqlite3";

    // UPSERT and what the schema needs; every supported system has newer.
    private const int OldestVersion = 3_024_000;

    private static readonly Lazy<nint> Handle = new(Load);

    /// <summary>Loads the library, once per process.</summary>
    /// <exception cref="StorageStartException">It is missing or too old.</exception>
    public static void EnsureLoaded() => _ = Handle.Value;

    internal static nint Find(IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, out var handle)) return handle;
        throw new StorageStartException(
            $"SQLite's library ({names[0]}) was not found. Install it: on Debian and Ubuntu 'apt-get install libsqlite3-0', on Alpine 'apk add sqlite-libs', on Fedora 'dnf install sqlite-libs'.");
    }

    private static nint Load()
    {
        var handle = Find(
            OperatingSystem.IsWindows() ? ["winsqlite3"]
            : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib"]
            : ["libsqlite3.so.0", "libsqlite3.so"]);
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == Name ? handle : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        var version = raw.sqlite3_libversion_number();
        return version >= OldestVersion
            ? handle
            : throw new StorageStartException($"SQLite {version / 1_000_000}.{version / 1000 % 1000} is too old; install 3.24 or newer.");
    }
}
