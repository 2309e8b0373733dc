using System.Net.Http.Json;
using Symbolon.Bench.Processes;
using Symbolon.Bench.Refresh;

namespace Symbolon.Bench.Http;

/// <summary><c>./bench.sh http</c>.</summary>
internal static class HttpBench
{
    private const int Live = 10_000, Revoked = 1_000;

    public static Task<int> RunAsync(bool quick) => WithTokensAsync(async (authority, tokens, folder) =>
    {
        var gateway = new GatewayBench(authority, tokens[..Live], tokens[^1], folder.File(""));
        var loads = await ApisAsync(authority, tokens, quick);
        await gateway.RunAsync(quick);
        Print(loads, gateway);
    });

    /// <summary>One API under load, for a profiler or a quick look.</summary>
    public static Task<int> LoadAsync(string kind, int seconds) => WithTokensAsync(async (authority, tokens, _) =>
    {
        var (api, port) = await BenchApi.StartAsync(kind, authority);
        await using var process = api;
        var load = Load(kind, api, port, Requests(tokens[..Live]));
        await load.SendEachAsync();
        Console.WriteLine($"process {api.Id}");
        for (var second = 0; second < seconds; second++)
        {
            var result = await load.RunAsync(TimeSpan.FromSeconds(1));
            Console.WriteLine($"{result.PerSecond,8:#,0} per second  {result.Microseconds,8:0.0} CPU µs and {result.Bytes,8:#,0} bytes each");
        }
    });

    private static async Task<int> WithTokensAsync(Func<ServerProcess, string[], BenchFolder, Task> run)
    {
        using var folder = new BenchFolder();
        Console.WriteLine($"Making {Live:#,0} sessions that live and {Revoked:#,0} that do not …");
        var seed = await SqliteSeed.MakeAsync(folder.File("http.db"), Live + Revoked);
        await using var authority = await ServerProcess.StartAsync(seed, ServerProcess.ForVerifiers());
        var tokens = await LiveTokens.GetAsync(authority, seed);
        using (var http = new RawHttp(authority.Port))
        {
            for (var i = Live; i < tokens.Length; i++) await http.SendAsync(LiveTokens.LogOut(seed, i));
        }

        await run(authority, tokens, folder);
        return 0;
    }

    private static async Task<HttpLoad[]> ApisAsync(ServerProcess authority, string[] tokens, bool quick)
    {
        var (rounds, time, warmUp) = quick ? (1, 0.5, 1.0) : (9, 1.5, 6.0);
        var (bare, barePort) = await BenchApi.StartAsync(BenchApi.Anonymous, null);
        var (anybody, anybodyPort) = await BenchApi.StartAsync(BenchApi.Anybody, null);
        var (ours, oursPort) = await BenchApi.StartAsync(BenchApi.Symbolon, authority);
        var (route, routePort) = await BenchApi.StartAsync(BenchApi.SymbolonRoute, authority);
        var (forgetful, forgetfulPort) = await BenchApi.StartAsync(BenchApi.Forgetful, authority);
        var (peer, peerPort) = await BenchApi.StartAsync(BenchApi.JsonWebTokens, authority);
        var (opaque, opaquePort) = await BenchApi.StartAsync(BenchApi.BearerTokens, null);
        MeasuredProcess[] all = [bare, anybody, ours, route, forgetful, peer, opaque];
        try
        {
            var requests = Requests(tokens[..Live]);
            HttpLoad[] loads =
            [
                Load("anonymous", bare, barePort, [RawHttp.Request("GET", BenchApi.Route)]),
                Load("anonymous, the same token sent along", bare, barePort, requests),
                Load("Symbolon, RequireAuthorization()", ours, oursPort, requests),
                Load("Symbolon, RequireSymbolon()", route, routePort, requests),
                Load("Symbolon, nothing remembered: ES256 each time", forgetful, forgetfulPort, requests),
                Load("JsonWebTokenHandler: ES256 each time", peer, peerPort, requests),
                Load("ASP.NET Core's own bearer tokens", opaque, opaquePort, Requests(await OpaqueAsync(opaquePort))),
                Load("a scheme that says yes to everybody", anybody, anybodyPort, requests),
            ];
            foreach (var port in new[] { oursPort, routePort, forgetfulPort }) await RequireRevocableAsync(port, tokens[^1]);
            foreach (var load in loads) await load.SendEachAsync();
            foreach (var load in loads) await load.RunAsync(TimeSpan.FromSeconds(warmUp));
            var others = new OtherLoad([() => authority.CpuTime, .. all.Select(process => (Func<TimeSpan>)(() => process.CpuTime))]);
            for (var round = 0; round < rounds; round++)
                foreach (var load in loads) await load.MeasureAsync(TimeSpan.FromSeconds(time));
            Console.WriteLine($"Other programs took {others.Share():0%} of the processors meanwhile.");
            return loads;
        }
        finally
        {
            foreach (var process in all) await process.DisposeAsync();
        }
    }

    private static HttpLoad Load(string name, MeasuredProcess api, int port, byte[][] requests) => new(name, port, requests, () => api.CpuTime) { Allocated = () => AllocatedAsync(port) };

    private static async Task<long> AllocatedAsync(int port)
    {
        using var http = new HttpClient();
        return long.Parse(await http.GetStringAsync($"http://127.0.0.1:{port}{BenchApi.Allocated}"));
    }

    private static byte[][] Requests(string[] tokens) => [.. tokens.Select(token => RawHttp.Request("GET", BenchApi.Route, token))];

    private static async Task<string[]> OpaqueAsync(int port)
    {
        using var http = new HttpClient();
        return (await http.GetFromJsonAsync<string[]>($"http://127.0.0.1:{port}{BenchApi.Tokens}?count={Live}"))!;
    }

    // A bench of a check that does not check would be fast.
    private static async Task RequireRevocableAsync(int port, string revoked)
    {
        using var http = new RawHttp(port);
        var status = await http.SendAsync(RawHttp.Request("GET", BenchApi.Route, revoked));
        if (status != 401) throw new InvalidOperationException($"A revoked token was answered with status {status}.");
    }

    private static void Print(HttpLoad[] loads, GatewayBench gateway)
    {
        var (bare, ours, route) = (loads[0], loads[2], loads[3]);
        Console.WriteLine();
        Report.Table(
            [$"GET, 32 connections, {Live:#,0} live tokens", "per second", "CPU µs each", "to anonymous", "Symbolon to it", "bytes each"],
            [.. loads.Select(load => (string[])[load.Name, $"{load.PerSecond:#,0}", $"{load.Microseconds:0.0}", $"{load.RatioTo(bare):0.00}", $"{ours.RatioTo(load):0.00}", $"{load.Bytes:#,0}"])]);
        gateway.Print();
        Report.Bars(
            ("CPU per request of ours beside anonymous", ours.RatioTo(bare), 1.30, false),
            ("… with RequireSymbolon()", route.RatioTo(bare), 1.30, false));
        Report.Json("http",
        [
            ("anonymous_us", bare.Microseconds), ("symbolon_us", ours.Microseconds),
            ("symbolon_to_anonymous", ours.RatioTo(bare)), ("symbolon_to_anonymous_with_token", ours.RatioTo(loads[1])), ("symbolon_route_to_anonymous", route.RatioTo(bare)),
            ("forgetful_to_anonymous", loads[4].RatioTo(bare)), ("jsonwebtokenhandler_to_anonymous", loads[5].RatioTo(bare)), ("bearertoken_to_anonymous", loads[6].RatioTo(bare)),
            ("anybody_to_anonymous", loads[7].RatioTo(bare)), ("symbolon_to_anybody", ours.RatioTo(loads[7])), ("symbolon_bytes", ours.Bytes), ("anonymous_bytes", bare.Bytes),
            .. gateway.Figures(),
        ]);
    }
}
