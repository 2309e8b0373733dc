using System.Diagnostics;
using Symbolon.Bench.Processes;
using Symbolon.Bench.Refresh;

namespace Symbolon.Bench.Http;

/// <summary>The gateway: how soon it is ready, what it holds in memory, and what a request costs it behind a real nginx with the sample's configuration.</summary>
internal sealed class GatewayBench(ServerProcess authority, string[] tokens, string revoked, string folder)
{
    private const string Nginx = "/usr/sbin/nginx";
    private const double Megabyte = 1024 * 1024;

    private readonly List<double> starts = [];
    private readonly List<(double Gateway, double Nginx, double Rate)> loads = [];
    private (double Start, double Full, double Loaded) memory;

    private double PerCpuSecond => Report.Median(loads.Select(load => 1e6 / load.Gateway));

    public async Task RunAsync(bool quick)
    {
        for (var i = 0; i < (quick ? 1 : 5); i++)
        {
            var (started, _) = await StartAsync();
            starts.Add(started.ReadyAfter.TotalMilliseconds);
            await started.DisposeAsync();
        }

        if (!File.Exists(Nginx))
        {
            Console.WriteLine($"{Nginx} is missing (Debian: nginx): the gateway is not loaded.");
            return;
        }

        var (service, servicePort) = await BenchApi.StartAsync(BenchApi.Anonymous, null);
        var (gateway, gatewayPort) = await StartAsync();
        await using var first = service;
        await using var second = gateway;
        await using var nginx = await StartNginxAsync(gatewayPort, servicePort, out var port);
        using (var http = new RawHttp(port))
        {
            var status = await http.SendAsync(RawHttp.Request("GET", BenchApi.Route, revoked));
            if (status != 401) throw new InvalidOperationException($"A revoked token was answered with status {status} behind nginx.");
        }

        var requests = tokens.Select(token => RawHttp.Request("GET", BenchApi.Route, token)).ToArray();
        var load = new HttpLoad("gateway", port, requests, () => gateway.CpuTime);
        memory.Start = gateway.Resident / Megabyte;
        await load.SendEachAsync();
        memory.Full = gateway.Resident / Megabyte;
        await load.RunAsync(TimeSpan.FromSeconds(quick ? 1 : 8));
        for (var round = 0; round < (quick ? 1 : 7); round++)
        {
            var before = nginx.ChildrenCpuTime;
            var result = await load.RunAsync(TimeSpan.FromSeconds(quick ? 1 : 2));
            loads.Add((result.Microseconds, (nginx.ChildrenCpuTime - before).TotalMicroseconds / result.Requests, result.PerSecond));
        }

        memory.Loaded = gateway.Resident / Megabyte;
    }

    public void Print()
    {
        List<string[]> rows = [["start to the first 200 of /health/ready, ms", $"{Report.Median(starts):0}"]];
        if (loads.Count > 0)
        {
            rows.AddRange(
            [
                ["resident memory, started, MB", $"{memory.Start:0}"],
                [$"… after the first sight of {tokens.Length:#,0} tokens", $"{memory.Full:0}"],
                ["… after the load", $"{memory.Loaded:0}"],
                ["requests per second through nginx", $"{Report.Median(loads.Select(load => load.Rate)):#,0}"],
                ["CPU µs of the gateway each", $"{Report.Median(loads.Select(load => load.Gateway)):0.0}"],
                ["CPU µs of nginx each", $"{Report.Median(loads.Select(load => load.Nginx)):0.0}"],
                ["requests per CPU second of the gateway", $"{PerCpuSecond:#,0}"],
            ]);
        }

        Report.Table([$"gateway behind nginx, {tokens.Length:#,0} live tokens", ""], rows);
    }

    public IEnumerable<(string Name, double Value)> Figures() => loads.Count == 0 ? [("gateway_start_ms", Report.Median(starts))] :
    [
        ("gateway_start_ms", Report.Median(starts)), ("gateway_resident_mb", memory.Loaded), ("gateway_per_cpu_second", PerCpuSecond),
        ("gateway_to_nginx", Report.Median(loads.Select(load => load.Gateway / load.Nginx))),
    ];

    private Task<(MeasuredProcess Process, int Port)> StartAsync() => StartAsync(authority);

    /// <summary>Starts one that is fed by this authority.</summary>
    public static async Task<(MeasuredProcess Process, int Port)> StartAsync(ServerProcess authority, params (string Name, string Value)[] settings)
    {
        var (port, address) = (MeasuredProcess.FreePort(), $"http://127.0.0.1:{authority.Port}");
        var start = MeasuredProcess.Ours(MeasuredProcess.Built("Symbolon.Gateway", "symbolon-gateway.dll"), port,
        [
            ("Gateway__Issuer", Seed.Issuer), ("Gateway__JwksUri", $"{address}/.well-known/jwks.json"), ("Gateway__Rules", Path.Combine(MeasuredProcess.Root(), "samples", "rules.yaml")),
            ("Gateway__Feed__Url", $"{address}/revocations"), ("Gateway__Feed__ClientId", ServerProcess.Verifier), ("Gateway__Feed__ClientSecret", ServerProcess.VerifierSecret),
            .. settings,
        ]);
        return (await MeasuredProcess.StartAsync(start, new Uri($"http://127.0.0.1:{port}/health/ready")), port);
    }

    private Task<MeasuredProcess> StartNginxAsync(int gateway, int service, out int port)
    {
        port = MeasuredProcess.FreePort();
        var sample = File.ReadAllText(Path.Combine(MeasuredProcess.Root(), "samples", "nginx", "nginx.conf"))
            .Replace("127.0.0.1:8080", $"127.0.0.1:{port}", StringComparison.Ordinal)
            .Replace("127.0.0.1:5090", $"127.0.0.1:{gateway}", StringComparison.Ordinal)
            .Replace("127.0.0.1:5070", $"127.0.0.1:{service}", StringComparison.Ordinal);
        var file = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(file, sample);
        return MeasuredProcess.StartAsync(new ProcessStartInfo(Nginx, ["-e", "stderr", "-p", folder, "-c", file]), new Uri($"http://127.0.0.1:{port}{BenchApi.Health}"));
    }
}
