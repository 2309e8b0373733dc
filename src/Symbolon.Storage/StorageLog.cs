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

    [LoggerMessage(3004, LogLevel.Information, "Opened the database {Database}, schema {Version}.")]
    public static partial void PostgresOpened(this ILogger log, string database, int version);

    [LoggerMessage(3005, LogLevel.Warning, "The server does not tell its WAL timeline ({Reason}): after a failover that may have lost writes run after-restore.")]
    public static partial void NoWalTimeline(this ILogger log, string reason);

    [LoggerMessage(3006, LogLevel.Warning, "Not listening for revocations of other servers: {Reason}. The log is looked at ten times a second until the connection stands again.")]
    public static partial void ListenerFails(this ILogger log, string reason);

    [LoggerMessage(3007, LogLevel.Information, "Listening for revocations of other servers again.")]
    public static partial void ListenerWorksAgain(this ILogger log);

    [LoggerMessage(3008, LogLevel.Warning, "Partitions of the event log could not be made or dropped: {Reason}. Tried again later; events are kept all the same.")]
    public static partial void PartitionsFail(this ILogger log, string reason);

    [LoggerMessage(3010, LogLevel.Information, "Development: made a master key at {Path}. Keep it with the database; without it sessions and signing keys are lost.")]
    public static partial void MasterKeyMade(this ILogger log, string path);
}
