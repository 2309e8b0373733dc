using System.ComponentModel.DataAnnotations;
using System.Data.Common;

namespace Symbolon.Storage;

/// <summary>How the SQLite storage works.</summary>
public sealed class SqliteOptions
{
    /// <summary>The database file; a relative path counts from the working directory. Default <c>symbolon.db</c>.</summary>
    [Required]
    public string DataSource { get; set; } = "symbolon.db";

    /// <summary>The most changes that share a transaction, 1 to 1024; 1 gives each a transaction of its own. Default 128.</summary>
    [Range(1, 1024)]
    public int MaxBatch { get; set; } = 128;

    /// <summary>The most changes that wait; more are refused (503) instead of queued. Default 4096.</summary>
    [Range(1, 1_000_000)]
    public int QueueLimit { get; set; } = 4096;

    /// <summary>How long a locked database is waited for before the answer is 503. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Reads the file's name out of a connection string, for example <c>Data Source=symbolon.db</c>.</summary>
    /// <exception cref="StorageStartException">It says something else, or nothing.</exception>
    public static string DataSourceOf(string connectionString)
    {
        var builder = new DbConnectionStringBuilder();
        try
        {
            builder.ConnectionString = connectionString;
        }
        catch (ArgumentException e)
        {
            throw new StorageStartException("ConnectionStrings:Symbolon cannot be read. Write it like 'Data Source=symbolon.db'.", e);
        }

        var keys = builder.Keys.Cast<string>().ToList();
        if (keys is not [var only] || !only.Equals("data source", StringComparison.OrdinalIgnoreCase) || builder[only] is not string { Length: > 0 } file)
            throw new StorageStartException("ConnectionStrings:Symbolon must name a file and nothing else: 'Data Source=symbolon.db'.");
        if (file.StartsWith(':') || file.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            throw new StorageStartException($"'{file}' is not a file. For a store in memory set Symbolon:Storage:Provider to 'memory'.");
        return file;
    }
}
