using Microsoft.Data.Sqlite;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>What a failure of SQLite means. It never leaves this project: it becomes <see cref="StoreUnavailableException"/> or <see cref="StorageStartException"/>.</summary>
internal static class SqliteErrors
{
    // https://www.sqlite.org/rescode.html, primary codes.
    private const int Internal = 2, Busy = 5, Locked = 6, NoMemory = 7, ReadOnly = 8, Interrupt = 9, InputOutput = 10, Corrupt = 11, Full = 13,
        CannotOpen = 14, Protocol = 15, Misuse = 21, NotADatabase = 26;

    extension(SqliteException failure)
    {
        /// <summary>Somebody else holds the lock.</summary>
        public bool IsBusy => failure.SqliteErrorCode is Busy or Locked;

        /// <summary>The file cannot be opened or created.</summary>
        public bool IsCannotOpen => failure.SqliteErrorCode is CannotOpen;

        /// <summary>The file, or its directory, cannot be written.</summary>
        public bool IsReadOnly => failure.SqliteErrorCode is ReadOnly;

        /// <summary>The file is something else.</summary>
        public bool IsNotADatabase => failure.SqliteErrorCode is NotADatabase or Corrupt;

        /// <summary>The world outside is to blame, not the statement: trying again later may help.</summary>
        public bool IsOutage => failure.IsBusy || failure.SqliteErrorCode is Full || failure.IsOfConnection;

        /// <summary>The connection may be of no more use: open another.</summary>
        public bool IsOfConnection => failure.SqliteErrorCode
            is Internal or NoMemory or ReadOnly or Interrupt or InputOutput or Corrupt or CannotOpen or Protocol or Misuse or NotADatabase;

        /// <summary>The same as the ports say it.</summary>
        public StoreUnavailableException AsUnavailable() => new($"The database cannot be used now: {failure.Message}", failure);
    }
}
