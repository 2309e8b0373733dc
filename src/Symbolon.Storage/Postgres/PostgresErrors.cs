using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>What a failure of PostgreSQL means. It never leaves this project: it becomes <see cref="StoreUnavailableException"/> or <see cref="StorageStartException"/>.</summary>
internal static class PostgresErrors
{
    extension(NpgsqlException failure)
    {
        /// <summary>The transaction was rolled back for the sake of another one, or since another has changed a table under a prepared statement (0A000): to be done again as it is.</summary>
        public bool IsLostToAnother =>
            failure.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.FeatureNotSupported;

        /// <summary>The connection broke, or the server is going: whether a change was committed is not known. Another connection may work at once.</summary>
        public bool IsOfConnection => failure is not PostgresException
            || failure.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.ReadOnlySqlTransaction
            || failure.SqlState!.StartsWith("08", StringComparison.Ordinal);

        /// <summary>The world outside is to blame, not the statement: trying again later may help.</summary>
        /// <remarks>By class: data, integrity and syntax (22, 23, 42) are ours, but a privilege that is missing (42501) is the operator's. https://www.postgresql.org/docs/current/errcodes-appendix.html</remarks>
        public bool IsOutage => failure is not PostgresException || failure.SqlState == PostgresErrorCodes.InsufficientPrivilege || failure.SqlState![..2] is not ("0A" or "22" or "23" or "42");

        /// <summary>The server has no such function, or not for this user: asking again says the same. Whatever else goes wrong does not mean that.</summary>
        public bool IsNotOffered => failure.SqlState is PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InsufficientPrivilege;

        /// <summary>The same as the ports say it.</summary>
        public StoreUnavailableException AsUnavailable() => new($"The database cannot be used now: {failure.Text}", failure);

        /// <summary>What happened, in one line without details of rows.</summary>
        public string Text => failure is PostgresException refused ? $"{refused.MessageText} ({refused.SqlState})" : string.Join("; ", failure.Causes.Select(Describe).Distinct()).TrimEnd('.');

        /// <summary>Where several hosts were tried, what each said; otherwise itself.</summary>
        public IReadOnlyList<Exception> Causes => failure.InnerException is AggregateException { InnerExceptions: { Count: > 0 } each } ? each : [failure];
    }

    /// <summary>Opens a connection. Whatever goes wrong is PostgreSQL's failure: a name that cannot be resolved, a handshake that fails.</summary>
    public static async ValueTask<NpgsqlConnection> OpenAsync(this NpgsqlDataSource source, CancellationToken ct)
    {
        try
        {
            return await source.OpenConnectionAsync(ct);
        }
        catch (Exception e) when (e is SocketException or IOException or TimeoutException or AuthenticationException)
        {
            throw new NpgsqlException("Failed to connect", e);
        }
    }

    private static string Describe(Exception failure) => failure switch
    {
        PostgresException refused => $"{refused.MessageText} ({refused.SqlState})",
        { InnerException: { } inner } => $"{failure.Message.TrimEnd('.')}: {inner.Message}",
        _ => failure.Message,
    };
}
