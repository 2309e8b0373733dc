using System.Diagnostics;
using System.Globalization;
using Symbolon.Bench.Processes;
using Symbolon.Bench.Refresh;
using Symbolon.Bench.Revoke;

namespace Symbolon.Bench.Cluster;

/// <summary>The list of a user's devices among all sessions, and what it writes to end all sessions of a user who has ten thousand.</summary>
internal sealed class ClusterLists
{
    // An idle connection of PostgreSQL has told its statistics after ten seconds.
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(11);

    // A server that has just begun runs what is not compiled to the end: so many lists of other users come before those that count.
    private const int WarmUp = 2_000;

    private readonly List<double> first = [], again = [];

    public int Users => first.Count;

    /// <summary>What each user's first list took: its pages were asked for by nobody before.</summary>
    public Percentiles First => Percentiles.Of(first);

    public Percentiles Again => Percentiles.Of(again);

    /// <summary>Rows written by the end of all sessions, by table.</summary>
    public IReadOnlyDictionary<string, double> Written { get; private set; } = new Dictionary<string, double>();

    public static async Task<ClusterLists> RunAsync(ClusterDatabase database, ClusterSeed seed)
    {
        var bench = new ClusterLists();
        await using var server = await ServerProcess.StartAsync(seed, ServerProcess.ForVerifiers());
        var tokens = await LiveTokens.GetAsync(server, seed, [seed.OfMany, .. Enumerable.Range(0, seed.Listers).Select(seed.OfLister)]);
        using var http = new RawHttp(server.Port);
        var (others, users) = (tokens[1..(1 + (seed.Listers / 5))], tokens[(1 + (seed.Listers / 5))..]);
        for (var i = 0; i < WarmUp; i++) await ListAsync(http, others[i % others.Length], new List<double>());
        foreach (var times in new[] { bench.first, bench.again })
            foreach (var token in users) await ListAsync(http, token, times);

        await Task.Delay(Told);
        var before = await WrittenAsync(database, seed);
        var status = await http.SendAsync(RawHttp.Request("DELETE", "/auth/sessions?scope=all", tokens[0]));
        if (status != 204) throw new InvalidOperationException($"The end of all sessions was answered with status {status}.");
        // Who has been idle tells at once what it does next; a moment later the server begins to mark the ended rows, a few each second.
        var after = before;
        for (var asked = Stopwatch.GetTimestamp(); after["subjects"] == before["subjects"] && Stopwatch.GetElapsedTime(asked) < Told;) after = await WrittenAsync(database, seed);
        bench.Written = after.ToDictionary(table => table.Key, table => table.Value - before[table.Key]);
        return bench;
    }

    private static async Task ListAsync(RawHttp http, string token, List<double> times)
    {
        var sent = Stopwatch.GetTimestamp();
        var status = await http.SendAsync(RawHttp.Request("GET", "/auth/sessions", token));
        times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        var listed = http.AnswerText.Split("\"session_id\"").Length - 1;
        if (status != 200 || listed != ClusterSeed.SessionsOfLister) throw new InvalidOperationException($"A list of {listed} was answered with status {status}.");
    }

    private static async Task<Dictionary<string, double>> WrittenAsync(ClusterDatabase database, ClusterSeed seed)
    {
        var all = await database.ReadAsync<string>(
            $"SELECT string_agg(relname || ' ' || n_tup_ins + n_tup_upd + n_tup_del, ',') FROM pg_stat_user_tables WHERE schemaname = 'symbolon' AND relname IN ('sessions', 'subjects', 'revocations')", seed.Database);
        return all.Split(',').Select(table => table.Split(' ')).ToDictionary(table => table[0], table => double.Parse(table[1], CultureInfo.InvariantCulture));
    }
}
