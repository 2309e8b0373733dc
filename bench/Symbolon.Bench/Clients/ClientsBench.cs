using System.Diagnostics;
using Symbolon.Bench.Processes;
using Symbolon.Client;

namespace Symbolon.Bench.Clients;

/// <summary><c>./bench.sh dotnet-client</c>.</summary>
internal static class ClientsBench
{
    private const int Calls = 50;

    public static async Task<int> RunAsync(bool quick)
    {
        var rounds = quick ? 3 : 25;
        var port = MeasuredProcess.FreePort();
        var start = MeasuredProcess.Ours(MeasuredProcess.Built("Symbolon.Server", "symbolon.dll"), port,
        [
            ("Symbolon__Issuer", $"http://127.0.0.1:{port}"), ("Symbolon__Storage__Provider", "memory"), ("Symbolon__MasterKeys__0__Id", "1"),
            ("Symbolon__MasterKeys__0__Value", Convert.ToBase64String(new byte[32].Select((_, i) => (byte)i).ToArray())), ("Symbolon__Admin__Password", Guid.NewGuid().ToString()),
        ]);
        await using var authority = await MeasuredProcess.StartAsync(start, new Uri($"http://127.0.0.1:{port}/health/ready"));
        await using var api = await ExpiringApi.StartAsync(TimeSpan.FromMilliseconds(300));

        using var client = SymbolonClient.Create(new SymbolonClientOptions { Authority = new Uri($"http://127.0.0.1:{port}") });
        await client.Session.LoginAsync(new RegisterRequest("bench", "three unrelated words"));
        using var ours = new HttpClient(client.CreateHandler(t => t.AllowedHosts.Add(api.Address.GetLeftPart(UriPartial.Authority)))) { BaseAddress = api.Address };
        using var plain = new HttpClient { BaseAddress = api.Address };

        List<double> walls = [], ideals = [];
        var (refreshes, succeeded) = (0L, 0);
        for (var round = -2; round < rounds; round++) // two to warm up
        {
            // Ideal: who has the next token at hand already, and only sends each refused call again.
            api.Expire();
            var ideal = await MeasureAsync(() => IdealAsync(plain));

            api.Expire((await client.Session.GetTokenAsync())!.Value);
            var before = (await client.Session.GetTokenAsync())!.Version;
            var wall = await MeasureAsync(async () => (int)(await ours.GetAsync("/")).StatusCode);
            if (round < 0) continue;
            ideals.Add(ideal.Milliseconds);
            walls.Add(wall.Milliseconds);
            succeeded += wall.Succeeded;
            refreshes += ((await client.Session.GetTokenAsync())!.Version - before) / 2; // an attempt's id and a token are two writes
        }

        var ratio = Report.Median(walls.Zip(ideals, (wall, ideal) => wall / ideal));
        Report.Table(
            [$"{Calls} parallel calls, expired token, 401s over 300 ms", "ms, half", "ms, longest"],
            [["Symbolon.Client", $"{Report.Median(walls):0}", $"{walls.Max():0}"], ["ideal: the next token at hand, each call sent again", $"{Report.Median(ideals):0}", $"{ideals.Max():0}"]]);
        Report.Bars(("refreshes in each round", (double)refreshes / rounds, 1, false), ($"calls that succeed, of {Calls}", (double)succeeded / rounds, Calls, true), ("wall time beside ideal", ratio, 1.2, false));
        Report.Json("dotnet-client", [("wall_ms", Report.Median(walls)), ("ideal_ms", Report.Median(ideals)), ("ratio", ratio), ("refreshes", (double)refreshes / rounds), ("succeeded", (double)succeeded / rounds)]);
        return 0;
    }

    private static async Task<(double Milliseconds, int Succeeded)> MeasureAsync(Func<Task<int>> call)
    {
        var started = Stopwatch.GetTimestamp();
        var statuses = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => call()));
        return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, statuses.Count(status => status == 200));
    }

    private static async Task<int> IdealAsync(HttpClient http)
    {
        using var refused = await SendAsync(http, "old");
        using var accepted = await SendAsync(http, "new");
        return (int)accepted.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, string token) =>
        http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Authorization = new("Bearer", token) } });
}
