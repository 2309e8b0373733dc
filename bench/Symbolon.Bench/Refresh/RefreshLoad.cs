using System.Diagnostics;

namespace Symbolon.Bench.Refresh;

/// <summary>What one run measured.</summary>
/// <param name="Refreshes">Refreshes that were answered with tokens.</param>
/// <param name="Wall">How long it took.</param>
/// <param name="Cpu">Processor time of the server, its system calls included.</param>
internal sealed record LoadResult(int Refreshes, TimeSpan Wall, TimeSpan Cpu)
{
    public double PerSecond => Refreshes / Wall.TotalSeconds;

    public double Microseconds => Cpu.TotalMicroseconds / Refreshes;

    public double PerCpuSecond => Refreshes / Cpu.TotalSeconds;
}

/// <summary>A server on a database, and the load on it: each connection refreshes sessions of its own, chosen at random over the whole database.</summary>
internal sealed class RefreshLoad(ServerProcess server, Seed seed) : IAsyncDisposable
{
    /// <summary>Refreshes answered so far, warm-up included.</summary>
    public int Total { get; private set; }

    public Seed Seed => seed;

    public int ProcessId => server.Id;

    /// <summary>Processor time of the server so far.</summary>
    public TimeSpan CpuTime => server.CpuTime;

    public static async Task<RefreshLoad> StartAsync(Seed seed, params (string Name, string Value)[] settings) =>
        new(await ServerProcess.StartAsync(seed, settings), seed);

    public async Task<LoadResult> RunAsync(int connections, TimeSpan time)
    {
        var open = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => RefreshConnection.OpenAsync(server.Port)));
        var (cpu, watch) = (server.CpuTime, Stopwatch.StartNew());
        var counts = await Task.WhenAll(open.Select((connection, number) => DriveAsync(connection, number, connections, watch, time)));
        var result = new LoadResult(counts.Sum(), watch.Elapsed, server.CpuTime - cpu);
        foreach (var connection in open) connection.Dispose();
        Total += result.Refreshes;
        return result;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task<int> DriveAsync(RefreshConnection connection, int number, int connections, Stopwatch watch, TimeSpan time)
    {
        await Task.Yield();
        var count = 0;
        for (; watch.Elapsed < time; count++)
        {
            var index = (Random.Shared.Next(seed.Count / connections) * connections) + number;
            seed[index] = await connection.RefreshAsync(seed[index]);
        }

        return count;
    }
}
