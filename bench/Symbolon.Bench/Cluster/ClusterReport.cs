namespace Symbolon.Bench.Cluster;

/// <summary>The tables of <c>./bench.sh cluster</c>, and its bars.</summary>
internal static class ClusterReport
{
    // So far apart are checkpoints; the first change of a page after one goes to the WAL whole.
    private const double CheckpointSeconds = 900;

    public static IEnumerable<(string Name, double Value)> Print(ClusterRefresh few, ClusterRefresh many)
    {
        ClusterRefresh[] both = [few, many];
        Report.Table(
            ["refresh on PostgreSQL, fsync=on", "connections", "per second", "authority CPU µs", "database CPU µs", "both", "WAL bytes", "per database CPU second"],
            [.. both.SelectMany(bench => new[]
            {
                Row($"{bench.Seed.Total:#,0} sessions, HTTP", $"{ClusterRefresh.Narrow}", bench[ClusterRefresh.Narrow]), Row("", $"{ClusterRefresh.Wide}", bench[ClusterRefresh.Wide]),
                Row("… right after a checkpoint", $"{ClusterRefresh.Narrow}", bench.AfterCheckpoint!),
                Row("… pgbench, BEGIN, four statements, COMMIT", $"{ClusterRefresh.Clients}", bench.Plain), Row("… pgbench, two statements", $"{ClusterRefresh.Clients}", bench.Short),
            })]);
        Report.Table(["", "round trips each", "updates without an index"], [.. both.Select(bench => new[] { $"{bench.Seed.Total:#,0} sessions", $"{bench.RoundTrips:0.000}", $"{bench.Hot:0.0000}" })]);

        double Beside(ClusterRefresh bench, int connections) => bench.Best.DatabaseMicroseconds / bench[connections].DatabaseMicroseconds;
        double Cost(int connections) => many[connections].Microseconds / few[connections].Microseconds;
        double Authority(int connections) => 1e6 / many[connections].AuthorityMicroseconds;
        Report.Bars(
            [
                .. both.SelectMany(bench => new[] { ClusterRefresh.Narrow, ClusterRefresh.Wide }.Select(connections =>
                    ($"rate per CPU second of the database beside pgbench, {bench.Seed.Total:#,0} sessions, {connections} connections", Beside(bench, connections), 0.8, true))),
                .. new[] { ClusterRefresh.Narrow, ClusterRefresh.Wide }.SelectMany(connections => new[]
                {
                    ($"refreshes per CPU second of the authority, {connections} connections", Authority(connections), 4_000.0, true),
                    ($"cost at {many.Seed.Total:#,0} sessions beside {few.Seed.Total:#,0}, {connections} connections", Cost(connections), 1.3, false),
                }),
                ("round trips per refresh", Math.Max(few.RoundTrips, many.RoundTrips), 1.1, false),
            ]);
        Console.WriteLine($"With all of {CheckpointSeconds:0} s between two checkpoints, the first change of each page included, the cost at {many.Seed.Total:#,0} beside {few.Seed.Total:#,0} is {OverACheckpoint(few, many):0.00}.\n");
        return
        [
            .. both.Zip(["few", "many"]).SelectMany(one => Figures(one.First, one.Second)),
            ("cost_ratio_64", Cost(ClusterRefresh.Narrow)), ("cost_ratio_128", Cost(ClusterRefresh.Wide)), ("cost_ratio_with_checkpoints", OverACheckpoint(few, many)),
        ];
    }

    public static IEnumerable<(string Name, double Value)> Print(ClusterBatches batches)
    {
        Report.Table(["rotations in a commit", "database µs: array", "pipelined", "client µs: array", "pipelined", "pipelined to array, both", "per second: array", "pipelined"], [.. batches.Rows()]);
        return batches.Figures();
    }

    public static IEnumerable<(string Name, double Value)> Print(ClusterRevoke revoke)
    {
        Report.Table(["three authorities, one gateway, milliseconds", "half", "99 %", "longest"], revoke.Rows());
        Report.Bars(("revoked at A → refused at the gateway of C, 99 %, ms", revoke.Refused.Of99, 50, false));
        return [("revoke_p50_ms", revoke.Refused.Half), ("revoke_p99_ms", revoke.Refused.Of99), ("revoke_max_ms", revoke.Refused.Longest)];
    }

    public static IEnumerable<(string Name, double Value)> Print(ClusterLists lists, ClusterSeed seed)
    {
        Report.Table(
            [$"list of {ClusterSeed.SessionsOfLister} devices among {seed.Total:#,0} sessions, milliseconds", "half", "99 %", "longest"],
            [lists.First.Row($"{lists.Users:#,0} users, each for the first time"), lists.Again.Row("each once more")]);
        Report.Table([$"end of all {ClusterSeed.SessionsOfMany:#,0} sessions of a user", "rows written"], [.. lists.Written.Select(table => new[] { table.Key, $"{table.Value:0}" })]);
        Report.Bars(
            ("list of devices, 99 %, ms", lists.First.Of99, 20, false), ("rows of sessions written by the end of all", lists.Written["sessions"], 0, false),
            ("rows of subjects written by it", lists.Written["subjects"], 1, false));
        return [("list_p50_ms", lists.First.Half), ("list_p99_ms", lists.First.Of99), ("list_max_ms", lists.First.Longest), ("end_all_rows_of_sessions", lists.Written["sessions"])];
    }

    // The share of changes that are their page's first, when so many fall on so many pages at random, and the rest.
    private static double OverACheckpoint(ClusterRefresh few, ClusterRefresh many)
    {
        double Mean(ClusterRefresh bench)
        {
            var usual = bench[ClusterRefresh.Narrow];
            var changes = usual.PerSecond * CheckpointSeconds / bench.Pages;
            var share = (1 - Math.Exp(-changes)) / changes;
            return (share * bench.AfterCheckpoint!.Microseconds) + ((1 - share) * usual.Microseconds);
        }

        return Mean(many) / Mean(few);
    }

    private static string[] Row(string name, string connections, Work work) =>
    [
        name, connections, $"{work.PerSecond:#,0}", work.Authority == default ? "" : $"{work.AuthorityMicroseconds:0.0}", $"{work.DatabaseMicroseconds:0.0}", work.Authority == default ? "" : $"{work.Microseconds:0.0}",
        $"{work.WalBytes:#,0}", $"{1e6 / work.DatabaseMicroseconds:#,0}",
    ];

    private static IEnumerable<(string Name, double Value)> Figures(ClusterRefresh bench, string name)
    {
        foreach (var connections in new[] { ClusterRefresh.Narrow, ClusterRefresh.Wide })
        {
            yield return ($"{name}_authority_us_{connections}", bench[connections].AuthorityMicroseconds);
            yield return ($"{name}_database_us_{connections}", bench[connections].DatabaseMicroseconds);
            yield return ($"{name}_beside_pgbench_{connections}", bench.Best.DatabaseMicroseconds / bench[connections].DatabaseMicroseconds);
            yield return ($"{name}_wal_bytes_{connections}", bench[connections].WalBytes);
        }

        yield return ($"{name}_round_trips", bench.RoundTrips);
        yield return ($"{name}_hot", bench.Hot);
        yield return ($"{name}_pgbench_database_us", bench.Best.DatabaseMicroseconds);
    }
}
