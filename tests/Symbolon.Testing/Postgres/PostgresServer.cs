using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Symbolon.Testing;

/// <summary>
/// A real PostgreSQL in a folder of its own, on a loopback port of its own; not as root. Port, folder and data stay the same when it is killed and
/// started again. When the tests end, in whatever way, so does it, and its folder is deleted.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The name of its superuser.</summary>
    public const string UserName = "symbolon";

    private static readonly Lazy<Task<PostgresServer>> Shared = new(() => StartAsync());
    private readonly PostgresFolder folder;
    private readonly IReadOnlyList<(string Key, string Value)> settings;
    private Process? process;

    private PostgresServer(PostgresFolder folder, string password, IReadOnlyList<(string Key, string Value)> settings) =>
        (this.folder, Password, this.settings) = (folder, password, settings);

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; } = FreePort();

    /// <summary>The superuser's password.</summary>
    public string Password { get; }

    /// <summary>Where its data, its log and its socket are; deleted in the end.</summary>
    public string Folder => folder.Path;

    /// <summary>The process id of the postmaster; null while it does not run.</summary>
    public int? ProcessId => process?.Id;

    /// <summary>The last that it has logged, over all starts.</summary>
    public string Log => File.Exists(folder.LogFile) ? string.Join('\n', File.ReadLines(folder.LogFile).TakeLast(60)) : "";

    /// <summary>The one of this test process, for tests that neither stop it nor need its disk: made when it is first asked for.</summary>
    public static Task<PostgresServer> SharedAsync() => Shared.Value;

    /// <summary>Starts a new one and waits until it answers.</summary>
    /// <param name="settings">On top of the defaults, such as <c>("fsync", "on")</c> where the disk is the subject: otherwise all may be in memory.</param>
    public static async Task<PostgresServer> StartAsync(params IEnumerable<(string Key, string Value)> settings)
    {
        var empty = await PostgresData.EmptyAsync();
        return await StartAsync(empty.Password, empty.CopyAsync, settings);
    }

    /// <summary>The connection string of one of its databases.</summary>
    public string ConnectionString(string database = "postgres") =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = UserName, Password = Password, Database = database }.ConnectionString;

    /// <summary>Makes an empty database with a name of its own; answers with its connection string.</summary>
    /// <param name="template">The connection string of a database to copy. It may have no user: its idle connections are closed.</param>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"test_{Guid.NewGuid():N}";
        var source = template is null ? "template0" : new NpgsqlConnectionStringBuilder(template).Database!;
        if (template is not null) await ExecuteAsync($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{source}'");
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {source}");
        return ConnectionString(name);
    }

    /// <summary>Drops what <see cref="CreateDatabaseAsync"/> has made, with the connections to it.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        using (var connection = new NpgsqlConnection(connectionString)) NpgsqlConnection.ClearPool(connection);
        await ExecuteAsync($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");
    }

    /// <summary>Runs statements as the superuser, on a connection of their own.</summary>
    public Task ExecuteAsync(string sql, string database = "postgres") => ScalarAsync<object>(sql, database);

    /// <summary>The same; answers with the first column of the first row, or with null.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString(database)};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>SIGKILL for the postmaster and all its backends, as when its machine dies. With fsync off, what it has written is still there.</summary>
    public async Task KillAsync()
    {
        if (process is null) return;
        await new ProcessFamily(process.Id).KillAsync();
        await EndedAsync(process);
    }

    /// <summary>Its fast shutdown: transactions are rolled back, connections closed, all is written.</summary>
    public async Task StopAsync()
    {
        if (process is null) return;
        Signals.Interrupt.SendTo(process);
        await EndedAsync(process);
    }

    /// <summary>Starts it on the same data and port, after <see cref="KillAsync"/> or <see cref="StopAsync"/>, and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        string[] options = [.. Settings().SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
        process = Process.Start(PostgresPrograms.Start(
            ["sh", "-c", """exec "$@" </dev/null >>"$0" 2>&1""", folder.LogFile, PostgresPrograms.Path("postgres"), "-D", folder.Data, .. options]))!;
        await Patiently.TrueAsync(() => Task.FromResult(IsReady(process)), () => $"PostgreSQL does not get ready.\n{Log}");
    }

    /// <summary>Gives it segments of WAL of the usual size, 16 MB, for measurements: the tests' are small, so that a server is soon copied. After <see cref="StopAsync"/>, on data that are of no worth yet.</summary>
    public Task EnlargeWalAsync() => PostgresPrograms.RunAsync(PostgresPrograms.Path("pg_resetwal"), "--wal-segsize=16", "-D", folder.Data);

    /// <summary>The path of one of PostgreSQL's own programs, such as <c>pgbench</c>.</summary>
    public static string Program(string name) => PostgresPrograms.Path(name);

    /// <summary>SIGSTOP for all its processes: connections stand, and nothing answers.</summary>
    public Task PauseAsync() => new ProcessFamily(process!.Id).PauseAsync();

    /// <summary>SIGCONT for all its processes.</summary>
    public void Resume() => new ProcessFamily(process!.Id).Resume();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await folder.DisposeAsync();
        if (process is not null) await EndedAsync(process);
    }

    /// <summary>Starts one on data that were made elsewhere.</summary>
    internal static async Task<PostgresServer> StartAsync(string superuserPassword, Func<PostgresFolder, Task> fill, IEnumerable<(string Key, string Value)> settings)
    {
        var all = settings.ToArray();
        var place = await PostgresFolder.CreateAsync(onDisk: all.Contains(("fsync", "on")));
        var server = new PostgresServer(place, superuserPassword, all);
        try
        {
            await fill(place);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private IEnumerable<(string Key, string Value)> Settings() =>
    [
        ("listen_addresses", "127.0.0.1"), ("port", Port.ToString(CultureInfo.InvariantCulture)), ("unix_socket_directories", folder.Path),
        ("fsync", "off"), ("max_connections", "200"), ("shared_buffers", "64MB"), ("max_wal_size", "1GB"), ("jit", "off"), ("timezone", "UTC"),
        ("wal_level", "replica"), ("hot_standby", "on"), ("max_wal_senders", "10"), ("wal_retrieve_retry_interval", "100ms"),
        ("log_timezone", "UTC"), ("log_line_prefix", "%m [%p] %d "), .. settings,
    ];

    // The postmaster's own word: its process id in the first line, what it does in the eighth.
    private bool IsReady(Process starting)
    {
        if (starting.HasExited) throw new InvalidOperationException($"PostgreSQL ended with {starting.ExitCode} instead of starting.\n{Log}");
        var file = Path.Combine(folder.Data, "postmaster.pid");
        return File.Exists(file) && File.ReadAllLines(file) is [var id, _, _, _, _, _, _, var state, ..]
            && id == starting.Id.ToString(CultureInfo.InvariantCulture) && state.Trim() == "ready";
    }

    private async Task EndedAsync(Process ending)
    {
        await ending.WaitForExitAsync().WaitAsync(Patiently.Patience);
        ending.Dispose();
        process = null;
    }

    // Below the range from which Linux serves outgoing connections: none of them takes it while the server is down.
    private static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(16_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // somebody's; bounded by how many of these ports a machine can have in use
            }
        }
    }
}
