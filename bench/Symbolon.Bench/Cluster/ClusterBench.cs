using System.Globalization;
using Symbolon.Bench.Processes;
using Symbolon.Bench.Refresh;

namespace Symbolon.Bench.Cluster;

/// <summary><c>./bench.sh cluster</c>.</summary>
internal static class ClusterBench
{
    private const int Few = 10_000, Many = 10_000_000, ManyQuick = 100_000;

    /// <summary>Runs the parts that are named, or all.</summary>
    public static async Task<int> RunAsync(bool quick, string[] options)
    {
        var sessions = quick ? ManyQuick : Many;
        string[] parts = ["refresh", "batches", "revoke", "lists"]; // in this order: the last two end sessions
        for (var i = 0; i < options.Length; i += 2)
        {
            var value = i + 1 < options.Length ? options[i + 1] : "";
            if (options[i] == "--only" && parts.Contains(value)) parts = [value];
            else if (options[i] != "--sessions" || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out sessions) || sessions < Few) return await RefuseAsync();
        }

        await using var database = await ClusterDatabase.StartAsync();
        Console.WriteLine(await database.DescribeAsync());
        var few = await ClusterSeed.MakeAsync(database, Few);
        var figures = new List<(string Name, double Value)>();
        var many = parts.Contains("refresh") || parts.Contains("lists") ? await MakeManyAsync(database, sessions) : few;
        if (parts.Contains("refresh")) figures.AddRange(await RefreshAsync(database, few, many, quick));
        if (parts.Contains("batches")) figures.AddRange(ClusterReport.Print(await ClusterBatches.RunAsync(database, few, quick)));
        if (parts.Contains("revoke")) figures.AddRange(ClusterReport.Print(await ClusterRevoke.RunAsync(few, quick ? 50 : 1_000)));
        if (parts.Contains("lists")) figures.AddRange(ClusterReport.Print(await ClusterLists.RunAsync(database, many), many));
        if (parts.Contains("refresh") || parts.Contains("lists")) Console.WriteLine($"Tables and indexes in the end: {await many.SizesAsync()}.\n");
        Report.Json("cluster", figures);
        return 0;
    }

    private static async Task<ClusterSeed> MakeManyAsync(ClusterDatabase database, int sessions)
    {
        Console.WriteLine($"Making {sessions:#,0} sessions …");
        var (watch, wal) = (System.Diagnostics.Stopwatch.StartNew(), await database.WalAsync());
        var many = await ClusterSeed.MakeAsync(database, sessions);
        Console.WriteLine($"… made in {watch.Elapsed.TotalSeconds:0} s, {(await database.WalAsync() - wal) / 1e9:0.0} GB of WAL: {await many.SizesAsync()}.\n");
        return many;
    }

    private static async Task<IEnumerable<(string Name, double Value)>> RefreshAsync(ClusterDatabase database, ClusterSeed few, ClusterSeed many, bool quick)
    {
        await using var loadOfFew = await RefreshLoad.StartAsync(few);
        await using var loadOfMany = await RefreshLoad.StartAsync(many);
        ClusterRefresh[] benches = [new(database, few, loadOfFew, quick), new(database, many, loadOfMany, quick)];
        var others = new OtherLoad([() => loadOfFew.CpuTime, () => loadOfMany.CpuTime, () => database.CpuTime]);
        foreach (var bench in benches) await bench.PrepareAsync();
        for (var round = 0; round < (quick ? 1 : 5); round++)
            foreach (var bench in benches) await bench.RoundAsync();
        Console.WriteLine($"Other programs, pgbench among them, took {others.Share():0%} of the processors meanwhile.\n");
        foreach (var bench in benches) await bench.CountAsync();
        return ClusterReport.Print(benches[0], benches[1]);
    }

    private static async Task<int> RefuseAsync()
    {
        await Console.Error.WriteLineAsync($"bench: cluster takes --sessions (at least {Few}) and --only refresh, batches, revoke or lists.");
        return 2;
    }
}
