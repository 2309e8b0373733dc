using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>A result code of SQLite that is not success. Never leaves this project: it becomes <see cref="StoreUnavailableException"/> or <see cref="StorageStartException"/>.</summary>
internal sealed class SqliteFailure(int code, string message) : Exception($"{message} (SQLite {code})")
{
    // https://www.sqlite.org/rescode.html; the low byte is the primary code.
    private const int Internal = 2, Busy = 5, Locked = 6, NoMemory = 7, ReadOnly = 8, Interrupt = 9, InputOutput = 10, Corrupt = 11, Full = 13,
        CannotOpen = 14, Protocol = 15, Misuse = 21, NotADatabase = 26;

    private int Primary => code & 0xFF;

    /// <summary>Somebody else holds the lock.</summary>
    public bool IsBusy => Primary is Busy or Locked;

    /// <summary>The file cannot be opened or created.</summary>
    public bool IsCannotOpen => Primary is CannotOpen;

    /// <summary>The file, or its directory, cannot be written.</summary>
    public bool IsReadOnly => Primary is ReadOnly;

    /// <summary>The file is something else.</summary>
    public bool IsNotADatabase => Primary is NotADatabase or Corrupt;

    /// <summary>The world outside is to blame, not the statement: trying again later may help.</summary>
    public bool IsOutage => IsBusy || Primary is Full || IsOfConnection;

    /// <summary>The connection may be of no more use: open another.</summary>
    public bool IsOfConnection => Primary is Internal or NoMemory or ReadOnly or Interrupt or InputOutput or Corrupt or CannotOpen or Protocol or Misuse or NotADatabase;

    /// <summary>The same as the ports say it.</summary>
    public StoreUnavailableException AsUnavailable() => new($"The database cannot be used now: {Message}.", this);
}
