using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;
using Symbolon.Storage;

namespace Symbolon.Bench.Cluster;

/// <summary>Both ways to commit many rotations at once, without HTTP and tokens: one statement over arrays, as the storage does it, and a statement for each, sent at once.</summary>
internal sealed class ClusterBatches
{
    private const int MostSessions = 2_000;

    private static readonly int[] Sizes = [1, 8, 32, 128];

    private readonly ClusterDatabase database;
    private readonly Session[] sessions;
    private readonly Dictionary<(int Size, bool Pipelined), List<Work>> results = [];

    private ClusterBatches(ClusterDatabase database, Session[] sessions) => (this.database, this.sessions) = (database, sessions);

    public static async Task<ClusterBatches> RunAsync(ClusterDatabase database, ClusterSeed seed, bool quick)
    {
        var connectionString = database.ConnectionString(seed.Database);
        var services = new ServiceCollection().AddLogging();
        PostgresStorage.AddTo(services, options => options.ConnectionString = connectionString);
        await using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredService<ISessionStore>();
        var found = await Task.WhenAll(Enumerable.Range(0, Math.Min(MostSessions, seed.Total / 2)).Select(async i => (await store.FindAsync(ClusterSeed.IdOf((i * 2) + 1), CancellationToken.None)).Session!));
        var bench = new ClusterBatches(database, found);

        await using var connection = new NpgsqlConnection(new PostgresOptions { ConnectionString = connectionString }.Complete());
        await connection.OpenAsync();
        for (var round = 0; round < (quick ? 2 : 12); round++)
            foreach (var size in Sizes)
                foreach (var pipelined in new[] { false, true })
                    await bench.RoundAsync(connection, size, pipelined, TimeSpan.FromSeconds(quick ? 0.5 : 1), keep: round > 0); // the first warms up
        return bench;
    }

    public IEnumerable<string[]> Rows() => from size in Sizes
                                           let array = Median(size, pipelined: false)
                                           let each = Median(size, pipelined: true)
                                           select (string[])
                                           [
                                               $"{size}", $"{array.DatabaseMicroseconds:0.0}", $"{each.DatabaseMicroseconds:0.0}", $"{array.AuthorityMicroseconds:0.0}",
                                               $"{each.AuthorityMicroseconds:0.0}", $"{Ratio(size):0.00}", $"{array.PerSecond:#,0}", $"{each.PerSecond:#,0}",
                                           ];

    public IEnumerable<(string Name, double Value)> Figures() =>
        Sizes.Select(size => ($"pipelined_to_array_{size}", Ratio(size)));

    private async Task RoundAsync(NpgsqlConnection connection, int size, bool pipelined, TimeSpan time, bool keep)
    {
        var (count, random) = (0, new Random(1));
        var (cpu, own, watch) = (database.CpuTime, Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        for (; watch.Elapsed < time; count += size)
        {
            var places = Pick(random, size);
            var items = Array.ConvertAll(places, place => Rotate(sessions[place]));
            var done = pipelined ? await PipelinedRotations.CommitAsync(connection, items) : await PostgresRotations.CommitAsync(connection, items);
            if (done.Contains(false)) throw new InvalidOperationException("A rotation was lost.");
            foreach (var (place, item) in places.Zip(items)) sessions[place] = item.Next;
        }

        if (!keep) return;
        if (!results.TryGetValue((size, pipelined), out var works)) results[(size, pipelined)] = works = [];
        works.Add(new Work(count, watch.Elapsed, Environment.CpuUsage.TotalTime - own, database.CpuTime - cpu, 0));
    }

    // Apart by a prime, so that each is there once.
    private int[] Pick(Random random, int size)
    {
        const int Apart = 7;
        var first = random.Next(sessions.Length);
        return [.. Enumerable.Range(0, size).Select(i => (first + (i * Apart)) % sessions.Length)];
    }

    private static Rotation Rotate(Session read)
    {
        var next = read with { Generation = read.Generation + 1, Branch = Random.Shared.NextInt64(), Attempts = AttemptHashes.Of(read.Salt) };
        return new Rotation(read, next, new SessionEvent(EventKind.SessionRefreshed, read.LastSeenAt, read.Id, read.Subject, next.Generation));
    }

    // Of neighbours in time: the disk and other programs are no steadier than that.
    private double Ratio(int size) => Report.Median(results[(size, true)].Zip(results[(size, false)], static (each, array) => each.Microseconds / array.Microseconds));

    private Work Median(int size, bool pipelined) => results[(size, pipelined)].OrderBy(work => work.Microseconds).ElementAt(results[(size, pipelined)].Count / 2);
}
