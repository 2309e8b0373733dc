using System.Diagnostics;
using System.Text;
using Symbolon.Bench.Http;
using Symbolon.Bench.Processes;
using Symbolon.Bench.Refresh;
using Symbolon.Bench.Revoke;

namespace Symbolon.Bench.Cluster;

/// <summary>Three authorities on one database: a revocation at the first, and the gateway that the third one feeds, asked every millisecond until it refuses.</summary>
internal sealed class ClusterRevoke
{
    private const int WarmUp = 30;

    private readonly List<double> refused = [], answered = [], sinceAnswer = [];

    public Percentiles Refused => Percentiles.Of(refused);

    public static async Task<ClusterRevoke> RunAsync(ClusterSeed seed, int count)
    {
        var bench = new ClusterRevoke();
        await using var a = await StartAsync(seed);
        await using var b = await StartAsync(seed);
        await using var c = await StartAsync(seed);
        var (gateway, port) = await GatewayBench.StartAsync(c, ("Gateway__Original", "Request"));
        await using var last = gateway;
        int[] indexes = [Seed.Administrator, .. Enumerable.Range(seed.Total / 4, WarmUp + count)];
        var tokens = await LiveTokens.GetAsync(b, seed, indexes); // what b gives out, a revokes and c's gateway refuses
        using var watch = new Watch(port, Question);
        using var revoking = new RawHttp(a.Port);
        for (var i = 1; i < indexes.Length; i++)
        {
            // By turns a log-out of the user and an end by the administrator.
            var request = i % 2 == 0 ? LiveTokens.LogOut(seed, indexes[i]) : RawHttp.Request("DELETE", $"/admin/sessions/{seed.Id(indexes[i])}", tokens[0]);
            await bench.RevokeAsync(watch, revoking, tokens[i], request, keep: i > WarmUp);
        }

        return bench;
    }

    public string[][] Rows() =>
    [
        Refused.Row("revoking call sent to A → refused at C's gateway"), Percentiles.Of(sinceAnswer).Row("revoking call answered → refused"), Percentiles.Of(answered).Row("revoking call sent → answered (the commit)"),
    ];

    private static Task<ServerProcess> StartAsync(Seed seed) => ServerProcess.StartAsync(seed, ServerProcess.ForVerifiers());

    private static byte[] Question(string token) =>
        Encoding.ASCII.GetBytes($"GET /verify{BenchApi.Route} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n");

    private async Task RevokeAsync(Watch watch, RawHttp revoking, string token, byte[] request, bool keep)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var watching = watch.UntilAsync(token, 401, begun);
        await begun.Task;
        await Task.Delay(Random.Shared.Next(1, 10)); // so that the call comes at any moment between two questions
        var sent = Stopwatch.GetTimestamp();
        var status = await revoking.SendAsync(request);
        var done = Stopwatch.GetTimestamp();
        if (status != 204) throw new InvalidOperationException($"A revoking call was answered with status {status}: {revoking.AnswerText}");
        var seen = await watching;
        if (!keep) return;
        refused.Add(Stopwatch.GetElapsedTime(sent, seen).TotalMilliseconds);
        sinceAnswer.Add(Math.Max(0, (seen - done) * 1000.0 / Stopwatch.Frequency)); // refused before its own answer has come: woken by the same commit
        answered.Add(Stopwatch.GetElapsedTime(sent, done).TotalMilliseconds);
    }
}
