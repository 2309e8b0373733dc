using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Symbolon.Server.Processes;

namespace Symbolon.Cluster.Support;

/// <summary>Authorities on one database of their own: processes or inside the test's, with one issuer, one master key and one administrator.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    /// <summary>The issuer of all.</summary>
    public const string Issuer = "https://cluster.test";

    /// <summary>The administrator's name.</summary>
    public const string AdminUserName = ServerProcess.AdminUserName;

    /// <summary>The administrator's password.</summary>
    public const string AdminPassword = InProcessServer.AdminPassword;

    /// <summary>A confidential client that may follow the revocation feed.</summary>
    public const string Verifier = "verifier";

    /// <summary>Its secret.</summary>
    public const string VerifierSecret = "known to this verifier alone";

    private readonly TempFolder folder = new();
    private readonly List<IAsyncDisposable> nodes = [];
    private readonly (string Key, string Value)[] settings;
    private readonly string masterKey;
    private readonly bool isPair;

    private Cluster(PostgresServer postgres, bool isPair, string connectionString, (string Key, string Value)[] settings)
    {
        (Postgres, this.isPair, ConnectionString, this.settings) = (postgres, isPair, connectionString, settings);
        masterKey = folder.Write("master.key", ServerSettings.NewMasterKey());
    }

    /// <summary>The database server.</summary>
    public PostgresServer Postgres { get; }

    /// <summary>The database; append to it what one node is to have otherwise.</summary>
    public string ConnectionString { get; }

    /// <summary>Makes an empty database, for authorities to come.</summary>
    /// <param name="postgres">Where; null for the one of this test process, which must not be stopped.</param>
    /// <param name="settings">Of every authority, on top of what a cluster needs.</param>
    public static async Task<Cluster> CreateAsync(PostgresServer? postgres = null, params (string Key, string Value)[] settings)
    {
        postgres ??= await PostgresServer.SharedAsync();
        return new Cluster(postgres, isPair: false, await postgres.CreateDatabaseAsync(), settings);
    }

    /// <summary>The same on a primary and a standby, of which either may die; the pair is disposed of after it.</summary>
    public static async Task<Cluster> CreateOnAsync(PostgresPair pair, params (string Key, string Value)[] settings) =>
        new(pair.Primary, isPair: true, await pair.CreateDatabaseAsync(), settings);

    /// <summary>Starts an authority as a process of its own, and waits until it listens.</summary>
    /// <param name="own">Its own settings, such as <c>("ConnectionStrings:Symbolon", …)</c>.</param>
    public async Task<ServerProcess> StartProcessAsync(params (string Key, string Value)[] own)
    {
        var node = await ServerProcess.StartAsync([.. Common(), .. settings, .. own]);
        return Kept(node);
    }

    /// <summary>Starts several at once; the first alone, so that it makes the schema and the keys.</summary>
    public async Task<IReadOnlyList<ServerProcess>> StartProcessesAsync(int count)
    {
        var first = await StartProcessAsync();
        return [first, .. await Task.WhenAll(Enumerable.Range(1, count - 1).Select(_ => StartProcessAsync()))];
    }

    /// <summary>Starts an authority inside the test's process, listening; its operations and stores are at hand.</summary>
    /// <param name="own">Its own settings.</param>
    public Task<InProcessServer> StartAsync(params (string Key, string Value)[] own) => StartAsync(change: null, at: null, own);

    /// <summary>The same, otherwise than the program is, or where another one was.</summary>
    /// <param name="change">What it has otherwise; null for nothing.</param>
    /// <param name="at">Where it listens; null for a port of its own.</param>
    /// <param name="own">Its own settings.</param>
    public async Task<InProcessServer> StartAsync(Action<IServiceCollection>? change, Uri? at, params (string Key, string Value)[] own)
    {
        var bare = at is null ? new ServerSettings(folder) : new ServerSettings(folder) { Port = at.Port };
        var configured = Common().Concat(settings).Concat(own).Aggregate(bare, (all, setting) => all.With(setting.Key, setting.Value));
        return Kept(await InProcessServer.StartAsync(configured, change));
    }

    /// <summary>The settings that every authority has, for commands.</summary>
    public ServerSettings Settings(params (string Key, string Value)[] own) =>
        Common().Concat(settings).Concat(own).Aggregate(new ServerSettings(folder), (all, setting) => all.With(setting.Key, setting.Value));

    /// <summary>Starts several inside the test's process.</summary>
    public async Task<IReadOnlyList<InProcessServer>> StartAsync(int count)
    {
        var started = new List<InProcessServer>();
        while (started.Count < count) started.Add(await StartAsync());
        return started;
    }

    /// <summary>Runs a statement in the database; answers with the first column of the first row, or with null.</summary>
    public Task<T?> ScalarAsync<T>(string sql) => Postgres.ScalarAsync<T>(sql, new NpgsqlConnectionStringBuilder(ConnectionString).Database!);

    /// <summary>Waits until so many of the database's transactions wait for a lock.</summary>
    public Task WaitingAsync(int count) => Patiently.TrueAsync(
        async () => await ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == count,
        () => $"{count} transactions wait for locks");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        if (!isPair) await Postgres.DropDatabaseAsync(ConnectionString);
        folder.Dispose();
    }

    private T Kept<T>(T node) where T : IAsyncDisposable
    {
        lock (nodes) nodes.Add(node);
        return node;
    }

    private IEnumerable<(string Key, string Value)> Common() =>
    [
        ("Symbolon:Storage:Provider", "postgresql"),
        ("ConnectionStrings:Symbolon", ConnectionString),
        ("Symbolon:Issuer", Issuer),
        ("Symbolon:MasterKeys:0:Id", "1"),
        ("Symbolon:MasterKeys:0:File", masterKey),
        ("Symbolon:Admin:UserName", AdminUserName),
        ("Symbolon:Admin:Password", AdminPassword),
        ("Symbolon:Accounts:LoginsPerMinute", "100000"),
        ("Symbolon:Accounts:RegistrationsPerMinute", "100000"),
        ("Symbolon:Clients:0:Id", Verifier),
        ("Symbolon:Clients:0:SecretHash", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(VerifierSecret)))),
        ("Symbolon:Clients:0:Scopes:0", "revocations"),
        ("Logging:LogLevel:Default", "Warning"),
        ("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"),
    ];
}
