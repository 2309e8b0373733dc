using System.Globalization;
using Npgsql;
using Symbolon.Bench.Processes;
using Symbolon.Testing;

namespace Symbolon.Bench.Cluster;

/// <summary>A PostgreSQL of the bench's own, on the disk, with the settings of one that keeps its promises; and what it costs.</summary>
internal sealed class ClusterDatabase : IAsyncDisposable
{
    private const long Megabyte = 1 << 20, MostShared = 6 * 1024;

    // Checkpoints as far apart as is usual for a database that is written much: just after one, each page that is touched goes to the WAL whole.
    private static readonly (string Key, string Value)[] Settings =
    [
        ("fsync", "on"), ("shared_buffers", $"{Shared}MB"), ("max_wal_size", "24GB"), ("min_wal_size", "1GB"), ("checkpoint_timeout", "15min"), ("max_connections", "300"),
    ];

    private readonly PostgresServer server;

    private ClusterDatabase(PostgresServer server) => this.server = server;

    /// <summary>Processor time of the whole server so far, its system calls included.</summary>
    public TimeSpan CpuTime => FamilyTime.Of(server.ProcessId!.Value);

    public int Port => server.Port;

    public string Password => server.Password;

    // A quarter of the memory.
    private static long Shared => Math.Min(MostShared, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / Megabyte);

    public static async Task<ClusterDatabase> StartAsync()
    {
        var started = await PostgresServer.StartAsync(Settings);
        await started.StopAsync();
        await started.EnlargeWalAsync();
        await started.StartAgainAsync();
        return new ClusterDatabase(started);
    }

    /// <summary>What it is, in a line.</summary>
    public async Task<string> DescribeAsync()
    {
        var (folder, version) = (new DriveInfo(server.Folder), await ReadAsync<string>("SHOW server_version", "postgres"));
        return $"PostgreSQL {version} on {folder.DriveFormat}, {string.Join(", ", Settings.Select(one => $"{one.Key}={one.Value}"))}, full_page_writes=on, synchronous_commit=on, WAL segments of 16 MB.";
    }

    /// <summary>Makes an empty database; answers with its name.</summary>
    public async Task<string> CreateAsync() => new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync()).Database!;

    public string ConnectionString(string database) => server.ConnectionString(database);

    /// <summary>Runs a statement, however long it takes; answers with the first column of the first row.</summary>
    public async Task<T> ReadAsync<T>(string sql, string database)
    {
        await using var connection = new NpgsqlConnection($"{server.ConnectionString(database)};Pooling=false;Command Timeout=0");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)Convert.ChangeType(await command.ExecuteScalarAsync() ?? "", typeof(T), CultureInfo.InvariantCulture);
    }

    public Task RunAsync(string sql, string database) => ReadAsync<string>(sql, database);

    /// <summary>Bytes of WAL written so far.</summary>
    public Task<double> WalAsync() => ReadAsync<double>("SELECT (pg_current_wal_lsn() - '0/0')::float8", "postgres");

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
