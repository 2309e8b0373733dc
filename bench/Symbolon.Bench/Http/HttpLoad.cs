using System.Diagnostics;
using Symbolon.Bench.Processes;

namespace Symbolon.Bench.Http;

/// <summary>What one run measured.</summary>
/// <param name="Requests">Requests that were answered with 200.</param>
/// <param name="Wall">How long it took.</param>
/// <param name="Cpu">Processor time of the process that is measured, its system calls included.</param>
/// <param name="Allocated">Bytes that it allocated.</param>
internal sealed record HttpResult(int Requests, TimeSpan Wall, TimeSpan Cpu, long Allocated)
{
    public double Bytes => (double)Allocated / Requests;

    public double PerSecond => Requests / Wall.TotalSeconds;

    public double Microseconds => Cpu.TotalMicroseconds / Requests;

    public double PerCpuSecond => Requests / Cpu.TotalSeconds;
}

/// <summary>Load on a port: each connection sends one request after another, chosen at random from all of them.</summary>
/// <param name="name">What it is called in the table.</param>
/// <param name="port">Where to.</param>
/// <param name="requests">The requests.</param>
/// <param name="cpu">The processor time that is measured.</param>
internal sealed class HttpLoad(string name, int port, byte[][] requests, Func<TimeSpan> cpu)
{
    private const int Connections = 32;

    private readonly List<HttpResult> results = [];

    public string Name => name;

    /// <summary>Asks how much the measured process has allocated so far; nobody is asked by default.</summary>
    public Func<Task<long>> Allocated { private get; init; } = () => Task.FromResult(0L);

    public double Bytes => Report.Median(results.Select(result => result.Bytes));

    public double Microseconds => Report.Median(results.Select(result => result.Microseconds));

    public double PerSecond => Report.Median(results.Select(result => result.PerSecond));

    public double PerCpuSecond => Report.Median(results.Select(result => result.PerCpuSecond));

    /// <summary>The median of the ratios of rounds, each beside the other's of that round.</summary>
    public double RatioTo(HttpLoad other) => Report.Median(results.Zip(other.results, (mine, theirs) => mine.Microseconds / theirs.Microseconds));

    /// <summary>Sends each request once: who remembers tokens has seen them all.</summary>
    public async Task SendEachAsync()
    {
        using var connection = new RawHttp(port);
        foreach (var request in requests) Require200(await connection.SendAsync(request));
    }

    public async Task MeasureAsync(TimeSpan time) => results.Add(await RunAsync(time));

    public async Task<HttpResult> RunAsync(TimeSpan time)
    {
        var connections = Enumerable.Range(0, Connections).Select(_ => new RawHttp(port)).ToList();
        try
        {
            var allocated = await Allocated();
            var (used, watch) = (cpu(), Stopwatch.StartNew());
            var counts = await Task.WhenAll(connections.Select(connection => DriveAsync(connection, watch, time)));
            return new HttpResult(counts.Sum(), watch.Elapsed, cpu() - used, await Allocated() - allocated);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private async Task<int> DriveAsync(RawHttp connection, Stopwatch watch, TimeSpan time)
    {
        await Task.Yield();
        var count = 0;
        for (; watch.Elapsed < time; count++)
        {
            Require200(await connection.SendAsync(requests[Random.Shared.Next(requests.Length)]));
        }

        return count;
    }

    private void Require200(int status)
    {
        if (status != 200) throw new InvalidOperationException($"{name}: a request was answered with status {status}.");
    }
}
