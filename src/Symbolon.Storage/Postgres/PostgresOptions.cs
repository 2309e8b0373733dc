using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Symbolon.Storage;

/// <summary>How the PostgreSQL storage works.</summary>
public sealed class PostgresOptions
{
    /// <summary>Npgsql's connection string, for example <c>Host=db;Database=symbolon;Username=symbolon;Password=…</c>. Several hosts, separated by commas: the primary among them is found, also after a failover.</summary>
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>The most connections of this server, 12 to 500; nine have duties of their own. Times the number of servers they must fit into the database's <c>max_connections</c>. Default 24.</summary>
    [Range(12, 500)]
    public int MaxConnections { get; set; } = 24;

    /// <summary>The most refreshes, or finds, that share a statement, 1 to 1024; 1 gives each a transaction of its own. Default 128.</summary>
    [Range(1, 1024)]
    public int MaxBatch { get; set; } = 128;

    /// <summary>The most that wait for each kind of work; more are refused (503) instead of queued. Default 4096.</summary>
    [Range(1, 1_000_000)]
    public int QueueLimit { get; set; } = 4096;

    /// <summary>How long a statement may take, its way to the server included, before the answer is 503; 0.1 to 60 s. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The schema's scripts; another list stands in for another version of the program.</summary>
    internal IReadOnlyList<PostgresMigration> Migrations { get; set; } = PostgresSchema.Migrations;

    /// <summary>The connection string without its secrets, for logs and <c>doctor</c>.</summary>
    /// <exception cref="StorageStartException">It cannot be read.</exception>
    public static string Describe(string connectionString)
    {
        var builder = Parse(connectionString);
        return $"Host={builder.Host};Port={builder.Port};Database={builder.Database};Username={builder.Username}" + (builder.Password is null ? "" : ";Password=(set)");
    }

    internal static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(builder.Host) || string.IsNullOrEmpty(builder.Database))
                throw new StorageStartException("ConnectionStrings:Symbolon must name a host and a database: 'Host=db;Database=symbolon;Username=symbolon;Password=…'.");
            return builder;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Its message quotes a keyword, or the text itself: which may be a password with a semicolon in it.
            throw new StorageStartException("ConnectionStrings:Symbolon cannot be read. Write it like 'Host=db;Database=symbolon;Username=symbolon;Password=…'; a value with a semicolon stands in quotes.");
        }
    }

    /// <summary>The connection string with what the storage relies on, where it does not say otherwise.</summary>
    internal string Complete()
    {
        var builder = Parse(ConnectionString);
        var given = new System.Data.Common.DbConnectionStringBuilder { ConnectionString = ConnectionString };
        bool IsGiven(params string[] names) => names.Any(name => given.ContainsKey(name));
        builder.MaxPoolSize = MaxConnections;
        builder.CommandTimeout = (int)Math.Floor(CommandTimeout.TotalSeconds) + 1; // the server ends a slow statement first: that costs no connection
        builder.CancellationTimeout = -1; // a connection that does not answer is given up once it was asked to stop: whether it does is not waited for
        builder.MaxAutoPrepare = 64;
        builder.AutoPrepareMinUsages = 2;
        builder.IncludeErrorDetail = false; // details quote rows
        if (!IsGiven("Timeout")) builder.Timeout = Math.Min(5, builder.CommandTimeout); // who waits for a statement does not wait longer for a connection
        if (!IsGiven("Application Name", "ApplicationName")) builder.ApplicationName = "symbolon";
        if (!IsGiven("Keepalive")) builder.KeepAlive = 5;
        if (builder.Host!.Contains(','))
        {
            if (!IsGiven("Target Session Attributes", "TargetSessionAttributes")) builder.TargetSessionAttributes = "primary";
            if (!IsGiven("Host Recheck Seconds", "HostRecheckSeconds")) builder.HostRecheckSeconds = 1;
        }

        builder.Options = $"{ServerSettings()} {builder.Options}".TrimEnd(); // of two the later counts
        return builder.ToString();
    }

    // The server ends what this program cannot end any more: a statement whose caller has given it up, a transaction whose node was stopped or
    // cut off in the middle, and with it the locks it holds: in half the time, so that who waits for them gets them in its own. An answer leaves
    // only after its commit is durable, whatever the database or the user is set to. Functions and operators are PostgreSQL's own, not what somebody has made in another schema under their names. Plans must not
    // depend on statistics which a new table does not have yet: every statement is meant to go by an index.
    private string ServerSettings()
    {
        var patience = (int)CommandTimeout.TotalMilliseconds;
        return $"-c statement_timeout={patience} -c lock_timeout={patience} -c idle_in_transaction_session_timeout={patience / 2} -c synchronous_commit=on -c search_path=pg_catalog -c jit=off -c enable_seqscan=off";
    }
}
