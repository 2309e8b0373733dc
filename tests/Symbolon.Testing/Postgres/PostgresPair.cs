using Npgsql;

namespace Symbolon.Testing;

/// <summary>A primary and its standby, which streams through a relay. They are called as they began, whoever is promoted.</summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private const string StandbyName = "standby";
    private readonly Relay relay;

    private PostgresPair(PostgresServer primary, Relay relay, PostgresServer standby) => (Primary, this.relay, Standby) = (primary, relay, standby);

    /// <summary>Where one writes, until the other is promoted.</summary>
    public PostgresServer Primary { get; }

    /// <summary>What follows it, and answers readers.</summary>
    public PostgresServer Standby { get; }

    /// <summary>Starts both and waits until the standby has all that the primary has.</summary>
    /// <param name="synchronous">A commit is acknowledged when both have it. Otherwise when the primary has it.</param>
    /// <param name="settings">Of both, on top of the defaults.</param>
    public static async Task<PostgresPair> StartAsync(bool synchronous, params (string Key, string Value)[] settings)
    {
        var primary = await PostgresServer.StartAsync(settings);
        var link = Relay.To(primary.Port);
        PostgresServer? standby = null;
        try
        {
            var source = $"host=127.0.0.1 port={link.Port} user={PostgresServer.UserName} password={primary.Password} application_name={StandbyName}";
            standby = await PostgresServer.StartAsync(primary.Password, folder => CopyAsync(source, folder), settings);
            var pair = new PostgresPair(primary, link, standby);
            await pair.CaughtUpAsync();
            if (synchronous) await pair.SynchronizeAsync();
            return pair;
        }
        catch
        {
            if (standby is not null) await standby.DisposeAsync();
            await link.DisposeAsync();
            await primary.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connection string of a database, wherever the primary is now.</summary>
    public string ConnectionString(string database = "postgres") => new NpgsqlConnectionStringBuilder(Primary.ConnectionString(database))
    {
        Host = $"127.0.0.1:{Primary.Port},127.0.0.1:{Standby.Port}",
        TargetSessionAttributes = "primary",
    }.ConnectionString;

    /// <summary>Makes an empty database with a name of its own; answers with its connection string, wherever the primary is now.</summary>
    public async Task<string> CreateDatabaseAsync() =>
        ConnectionString(new NpgsqlConnectionStringBuilder(await Primary.CreateDatabaseAsync()).Database!);

    /// <summary>From now on the standby receives nothing. Commits of a synchronous pair wait; others are acknowledged, and lost when it is promoted.</summary>
    public async Task HoldReplicationAsync()
    {
        await CaughtUpAsync();
        relay.Cut();
        await Patiently.TrueAsync(
            async () => await Standby.ScalarAsync<long>("SELECT count(*) FROM pg_stat_wal_receiver") == 0, () => $"the standby receives still\n{Standby.Log}");
    }

    /// <summary>Lets it go on, and waits until it has all.</summary>
    public Task ContinueReplicationAsync()
    {
        relay.Open();
        return CaughtUpAsync();
    }

    /// <summary>Makes the standby a primary and waits until it takes writes. Nobody tells the other: kill it first, or have two.</summary>
    public async Task PromoteAsync()
    {
        if (!await Standby.ScalarAsync<bool>("SELECT pg_promote()")) throw new InvalidOperationException($"The standby is not promoted.\n{Standby.Log}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await relay.DisposeAsync();
        await Primary.DisposeAsync();
    }

    private static Task CopyAsync(string source, PostgresFolder folder) => PostgresPrograms.RunAsync(
        PostgresPrograms.Path("pg_basebackup"), "-D", folder.Data, "-d", source, "--write-recovery-conf", "--create-slot", "--slot", StandbyName,
        "--wal-method=stream", "--checkpoint=fast", "--no-sync", "--no-manifest");

    // Not before it streams: until then every commit would wait for it, and for ever.
    private async Task SynchronizeAsync()
    {
        await Primary.ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{StandbyName}'");
        await Primary.ExecuteAsync("SELECT pg_reload_conf()");
        await ReplicationIsAsync("sync_state = 'sync'");
    }

    private async Task CaughtUpAsync()
    {
        var end = await Primary.ScalarAsync<string>("SELECT pg_current_wal_lsn()::text");
        await ReplicationIsAsync($"state = 'streaming' AND replay_lsn >= '{end}'");
    }

    private Task ReplicationIsAsync(string condition) => Patiently.TrueAsync(
        () => Primary.ScalarAsync<bool>($"SELECT EXISTS (SELECT 1 FROM pg_stat_replication WHERE application_name = '{StandbyName}' AND {condition})"),
        () => $"the standby is not as it should be: {condition}\n{Standby.Log}");
}
