using Npgsql;

namespace Symbolon.Storage;

/// <summary>What an operator reads when the database cannot be used at start: what is wrong and what to do, never a password.</summary>
internal static class PostgresStartErrors
{
    public static string Explain(NpgsqlException failure) => failure is PostgresException refused ? Explain(refused)
        : $"The database server cannot be reached: {failure.InnerException?.Message ?? failure.Message} Check host and port in ConnectionStrings:Symbolon, and that the server runs.";

    private static string Explain(PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"The database refuses the log-in: {refused.MessageText}. Check user name and password in ConnectionStrings:Symbolon, and the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => $"{Sentence(refused)} Make it (CREATE DATABASE …), or name another in ConnectionStrings:Symbolon.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"A privilege is missing: {refused.MessageText}. The user in ConnectionStrings:Symbolon needs CREATE on the database (GRANT CREATE ON DATABASE …), or must own the schema 'symbolon'; what it has to do otherwise is in docs/storage-postgresql.md.",
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown => $"The database does not accept connections now: {refused.MessageText}. Start again when it does.",
        PostgresErrorCodes.DiskFull => $"The database's disk is full: {refused.MessageText}.",
        PostgresErrorCodes.ReadOnlySqlTransaction => "The database is read-only. Name the primary in ConnectionStrings:Symbolon, or name all hosts: then the primary is found.",
        _ => $"The database cannot be used: {refused.MessageText} ({refused.SqlState}).",
    };

    private static string Sentence(PostgresException refused) => refused.MessageText is [var first, .. var rest] ? $"{char.ToUpperInvariant(first)}{rest}." : "";
}
