using Npgsql;

namespace Symbolon.Storage;

/// <summary>What an operator reads when the database cannot be used at start: what is wrong and what to do, never a password.</summary>
internal static class PostgresStartErrors
{
    private const string WhichHost = "Name the primary in ConnectionStrings:Symbolon, or name all hosts: then the primary is found.";

    /// <summary>What a database server that is a standby is told to be.</summary>
    public const string Standby = $"The database server is a standby. {WhichHost}";

    // Several hosts may each say something else; what one has against the log-in says more than that another is not there.
    public static string Explain(NpgsqlException failure) =>
        failure.Causes.OfType<PostgresException>().FirstOrDefault(refused => refused.SqlState != PostgresErrorCodes.CannotConnectNow) is { } refused ? Explain(refused)
        : failure is PostgresException starting ? Explain(starting)
        : failure is { InnerException: null, Message: var message } && message.Contains("suitable host", StringComparison.Ordinal) ? $"None of the hosts is a primary. {WhichHost}"
        : $"The database server cannot be reached: {OneLine(failure.Text)}. Check host and port in ConnectionStrings:Symbolon, and that the server runs.";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    private static string Explain(PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"The database refuses the log-in: {refused.MessageText}. Check user name and password in ConnectionStrings:Symbolon, and the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => $"{Sentence(refused)} Make it (CREATE DATABASE …), or name another in ConnectionStrings:Symbolon.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"A privilege is missing: {refused.MessageText}. The user in ConnectionStrings:Symbolon needs CREATE on the database (GRANT CREATE ON DATABASE …), or must own the schema 'symbolon'; what it has to do otherwise is in docs/storage-postgresql.md.",
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown => $"The database does not accept connections now: {refused.MessageText}. Start again when it does.",
        PostgresErrorCodes.DiskFull => $"The database's disk is full: {refused.MessageText}.",
        PostgresErrorCodes.ReadOnlySqlTransaction => $"The database is read-only. {WhichHost}",
        _ => $"The database cannot be used: {refused.MessageText} ({refused.SqlState}).",
    };

    private static string Sentence(PostgresException refused) => refused.MessageText is [var first, .. var rest] ? $"{char.ToUpperInvariant(first)}{rest}." : "";
}
