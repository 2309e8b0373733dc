using Symbolon.Bench.Processes;
using Symbolon.Storage;

namespace Symbolon.Bench.Refresh;

/// <summary><c>./bench.sh refresh</c>.</summary>
internal static class RefreshBench
{
    private const int Few = 10_000, Many = 1_000_000, Narrow = 32, Wide = 128;

    public static Task<int> RunAsync(bool quick) => InFolderAsync(folder => RunAsync(folder, quick));

    /// <summary>One server under load, for a profiler or a quick look.</summary>
    public static Task<int> LoadAsync(int connections, int seconds, int sessions) => InFolderAsync(async folder =>
    {
        await using var load = await RefreshLoad.StartAsync(await SqliteSeed.MakeAsync(folder.File("load.db"), sessions));
        Console.WriteLine($"process {load.ProcessId}");
        for (var second = 0; second < seconds; second++)
        {
            var result = await load.RunAsync(connections, TimeSpan.FromSeconds(1));
            Console.WriteLine($"{result.PerSecond,8:#,0} per second  {result.Microseconds,8:0.0} CPU µs each");
        }

        return 0;
    });

    private static async Task<int> InFolderAsync(Func<BenchFolder, Task<int>> run)
    {
        using var folder = new BenchFolder();
        return await run(folder);
    }

    private static async Task<int> RunAsync(BenchFolder folder, bool quick)
    {
        var (rounds, time, warmUp, many) = quick ? (1, 1.0, 2.0, 100_000) : (5, 2.0, 12.0, Many);
        Console.WriteLine($"Making databases of {Few:#,0} and {many:#,0} sessions …");
        var raw = await SqliteSeed.MakeAsync(folder.File("raw.db"), Few);
        await using var batched = await RefreshLoad.StartAsync(await SqliteSeed.MakeAsync(folder.File("few.db"), Few));
        await using var single = await RefreshLoad.StartAsync(await SqliteSeed.MakeAsync(folder.File("single.db"), Few), ("Symbolon__Storage__MaxBatch", "1"));
        await using var large = await RefreshLoad.StartAsync(await SqliteSeed.MakeAsync(folder.File("many.db"), many));

        (string Name, RefreshLoad Load)[] loads = [($"{Few:#,0} sessions", batched), ("… one transaction per refresh", single), ($"{many:#,0} sessions", large)];
        foreach (var (_, load) in loads) await load.RunAsync(Wide, TimeSpan.FromSeconds(warmUp));

        using var sqlite = new RawSqlite(raw);
        var others = new OtherLoad([() => batched.CpuTime, () => single.CpuTime, () => large.CpuTime]);
        var alone = new List<double>();
        var results = loads.SelectMany(load => new[] { (load.Load, Narrow), (load.Load, Wide) }).ToDictionary(key => key, _ => new List<LoadResult>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var ((load, connections), measured) in results) measured.Add(await load.RunAsync(connections, TimeSpan.FromSeconds(time)));
            alone.Add(sqlite.Run(TimeSpan.FromSeconds(time / 2)));
        }

        var disturbance = others.Share();
        foreach (var (name, load) in loads) RequireDurable(name, load);
        Console.WriteLine($"Other programs took {disturbance:0%} of the processors meanwhile.\n");
        Print(loads, results, Report.Median(alone));
        return 0;
    }

    // Every acknowledged rotation is one event row; counted while the server still runs, over a connection of our own.
    private static void RequireDurable(string name, RefreshLoad load)
    {
        using var db = new StoreConnection(((SqliteSeed)load.Seed).File, create: false, TimeSpan.FromSeconds(2));
        var rows = db.Query("SELECT count(*) FROM events WHERE kind = 2");
        if (rows != load.Total) throw new InvalidOperationException($"{name}: {load.Total} refreshes were answered, {rows} stand in the database.");
    }

    private static void Print((string Name, RefreshLoad Load)[] loads, Dictionary<(RefreshLoad, int), List<LoadResult>> results, double alone)
    {
        double Of(int load, int connections, Func<LoadResult, double> what) => Report.Median(results[(loads[load].Load, connections)].Select(what));
        double Ratio(int load, int beside, int connections, Func<LoadResult, double> what) => Report.Median(
            results[(loads[load].Load, connections)].Zip(results[(loads[beside].Load, connections)], (mine, other) => what(mine) / what(other)));

        var rows = from load in Enumerable.Range(0, loads.Length)
                   from connections in new[] { Narrow, Wide }
                   select (string[])
                   [
                       loads[load].Name, $"{connections}", $"{Of(load, connections, r => r.PerSecond):#,0}",
                       $"{Of(load, connections, r => r.Microseconds):0.0}", $"{Of(load, connections, r => r.PerCpuSecond):#,0}",
                   ];
        Report.Table(["HTTP refresh, synchronous=FULL", "connections", "per second", "CPU µs each", "per CPU second"], [.. rows, ["SQLite alone, 16 in a transaction", "", $"{alone:#,0}", "", ""]]);

        var (cpu32, cpu128) = (Of(0, Narrow, r => r.PerCpuSecond), Of(0, Wide, r => r.PerCpuSecond));
        var (single32, single128) = (Ratio(0, 1, Narrow, r => r.PerSecond), Ratio(0, 1, Wide, r => r.PerSecond));
        var (many32, many128) = (Ratio(2, 0, Narrow, r => r.Microseconds), Ratio(2, 0, Wide, r => r.Microseconds));
        Report.Bars(
            ("durable rotations per CPU second at 32 connections", cpu32, 6_000, true),
            ("durable rotations per CPU second at 128 connections", cpu128, 6_000, true),
            ("rate beside one transaction per refresh, 32", single32, 3, true),
            ("rate beside one transaction per refresh, 128", single128, 3, true),
            ("CPU at the larger database beside the smaller, 32", many32, 1.3, false),
            ("CPU at the larger database beside the smaller, 128", many128, 1.3, false));
        Report.Json("refresh",
        [
            ("per_second_32", Of(0, Narrow, r => r.PerSecond)), ("per_second_128", Of(0, Wide, r => r.PerSecond)),
            ("cpu_us_32", Of(0, Narrow, r => r.Microseconds)), ("cpu_us_128", Of(0, Wide, r => r.Microseconds)),
            ("per_cpu_second_32", cpu32), ("per_cpu_second_128", cpu128),
            ("ratio_to_single_32", single32), ("ratio_to_single_128", single128),
            ("ratio_to_sqlite_alone_32", Of(0, Narrow, r => r.PerSecond) / alone), ("ratio_to_sqlite_alone_128", Of(0, Wide, r => r.PerSecond) / alone),
            ("cost_ratio_many_to_few_32", many32), ("cost_ratio_many_to_few_128", many128),
        ]);
    }
}
