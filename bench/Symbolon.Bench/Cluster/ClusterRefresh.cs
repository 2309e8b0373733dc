using Symbolon.Bench.Processes;
using Symbolon.Bench.Refresh;

namespace Symbolon.Bench.Cluster;

/// <summary>Refreshes over HTTP on PostgreSQL, beside pgbench on the same tables; at few sessions and at many.</summary>
internal sealed class ClusterRefresh(ClusterDatabase database, ClusterSeed seed, RefreshLoad load, bool quick)
{
    public const int Narrow = 64, Wide = 128;

    // As many as pgbench is fastest with on two processors.
    public const int Clients = 16;

    // An idle connection of PostgreSQL has told its statistics after ten seconds.
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(11);

    private readonly List<Work> narrow = [], wide = [], plain = [], brief = [];

    public ClusterSeed Seed => seed;

    public RefreshLoad Load => load;

    /// <summary>Round trips of a refresh: each statement of the authority is a transaction, and one round trip.</summary>
    public double RoundTrips { get; private set; }

    /// <summary>What one cost right after a checkpoint, when each page goes to the WAL whole at its first change.</summary>
    public Work? AfterCheckpoint { get; private set; }

    /// <summary>The share of updates that wrote no index.</summary>
    public double Hot { get; private set; }

    /// <summary>The pages of sessions.</summary>
    public double Pages { get; private set; }

    private TimeSpan Time => TimeSpan.FromSeconds(quick ? 1 : 4);

    public Work this[int connections] => Median(connections == Narrow ? narrow : wide);

    /// <summary>pgbench with the script that has the greatest rate per processor second of the database.</summary>
    public Work Best => new[] { Plain, Short }.MinBy(work => work.DatabaseMicroseconds)!;

    public Work Plain => Median(plain);

    public Work Short => Median(brief);

    /// <summary>Warms up, and brings the database to the middle between two checkpoints: each page of sessions has been written since the last.</summary>
    public async Task PrepareAsync()
    {
        await load.RunAsync(Wide, quick ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(12));
        await database.RunAsync("CHECKPOINT", seed.Database);
        AfterCheckpoint = await RunAsync(Narrow);
        await seed.TouchPagesAsync();
        await load.RunAsync(Wide, Time);
    }

    public async Task RoundAsync()
    {
        narrow.Add(await RunAsync(Narrow));
        wide.Add(await RunAsync(Wide));
        plain.Add(await PgBench.RunAsync(database, seed, PgBench.Plain, Clients, Time));
        brief.Add(await PgBench.RunAsync(database, seed, PgBench.Short, Clients, Time));
    }

    /// <summary>What PostgreSQL itself has counted.</summary>
    public async Task CountAsync()
    {
        var (before, total) = (await StatisticsAsync(), load.Total);
        await load.RunAsync(Narrow, Time);
        await load.RunAsync(Wide, Time);
        var after = await StatisticsAsync();
        (total, Hot) = (load.Total - total, (after.Hot - before.Hot) / (after.Updates - before.Updates));
        RoundTrips = (after.Transactions - before.Transactions) / total;
        Pages = await database.ReadAsync<double>("SELECT (pg_relation_size('symbolon.sessions') / 8192)::float8", seed.Database);
        if ((int)(after.Updates - before.Updates) != total) throw new InvalidOperationException($"{total} refreshes were answered, {after.Updates - before.Updates} rows were changed.");
    }

    private async Task<Work> RunAsync(int connections)
    {
        var (cpu, wal) = (database.CpuTime, await database.WalAsync());
        var result = await load.RunAsync(connections, Time);
        return new Work(result.Refreshes, result.Wall, result.Cpu, database.CpuTime - cpu, await database.WalAsync() - wal);
    }

    private async Task<(double Transactions, double Updates, double Hot)> StatisticsAsync()
    {
        await Task.Delay(Told);
        const string Of = "FROM pg_stat_user_tables WHERE relid = 'symbolon.sessions'::regclass";
        return (
            await database.ReadAsync<double>($"SELECT xact_commit::float8 FROM pg_stat_database WHERE datname = '{seed.Database}'", "postgres"),
            await database.ReadAsync<double>($"SELECT n_tup_upd::float8 {Of}", seed.Database), await database.ReadAsync<double>($"SELECT n_tup_hot_upd::float8 {Of}", seed.Database));
    }

    private static Work Median(List<Work> works) => works.OrderBy(work => work.Microseconds).ElementAt(works.Count / 2);
}
