using Microsoft.Extensions.Logging;

namespace Symbolon.Storage;

internal static partial class StorageLog
{
    [LoggerMessage(3000, LogLevel.Information, "Opened the database {File}, schema {Version}.")]
    public static partial void DatabaseOpened(this ILogger log, string file, int version);

    [LoggerMessage(3001, LogLevel.Error, "The database cannot be written: {Reason}. Changes are answered 503 until it can.")]
    public static partial void DatabaseFails(this ILogger log, string reason);

    [LoggerMessage(3002, LogLevel.Information, "The database can be written again.")]
    public static partial void DatabaseWorksAgain(this ILogger log);

    [LoggerMessage(3003, LogLevel.Warning, "A transaction could not be rolled back: {Reason}. Its connection is given up.")]
    public static partial void RollBackFailed(this ILogger log, string reason);

    [LoggerMessage(3010, LogLevel.Information, "Development: made a master key at {Path}. Keep it with the database; without it sessions and signing keys are lost.")]
    public static partial void MasterKeyMade(this ILogger log, string path);
}
