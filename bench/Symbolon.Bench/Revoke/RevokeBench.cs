using System.Diagnostics;
using Symbolon.Bench.Processes;
using Symbolon.Bench.Refresh;

namespace Symbolon.Bench.Revoke;

/// <summary><c>./bench.sh revoke</c>.</summary>
internal sealed class RevokeBench : IDisposable
{
    private const int Verifiers = 3, Readers = 200, WarmUp = 50;

    private static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(5);

    private readonly ServerProcess authority;
    private readonly Seed seed;
    private readonly string[] tokens;
    private readonly RawHttp revoking;
    private readonly FlushedFile disk;
    private readonly List<double> flushed = [], refused = [], sinceAnswer = [], answered = [], read = [], stale = [], back = [];
    private int next = Seed.Administrator + 1;

    private RevokeBench(ServerProcess authority, Seed seed, string[] tokens, string file) =>
        (this.authority, this.seed, this.tokens, revoking, disk) = (authority, seed, tokens, new RawHttp(authority.Port), new FlushedFile(file));

    public static async Task<int> RunAsync(bool quick)
    {
        using var folder = new BenchFolder();
        var (revocations, entries, cuts) = quick ? (50, 20, 1) : (1_000, 300, 5);
        var sessions = await SqliteSeed.MakeAsync(folder.File("revoke.db"), (1 + WarmUp + revocations + entries + 1 + 3) / 4 * 4);
        await using var server = await ServerProcess.StartAsync(sessions, ServerProcess.ForVerifiers());
        using var bench = new RevokeBench(server, sessions, await LiveTokens.GetAsync(server, sessions), folder.File("flushed"));
        var verifiers = new List<(MeasuredProcess Process, int Port)>();
        try
        {
            while (verifiers.Count < Verifiers)
                verifiers.Add(await BenchApi.StartAsync(BenchApi.SymbolonRoute, server, ("VerifierName", $"verifier-{verifiers.Count}"), ("MaxStaleness", $"{MaxStaleness:c}"), ("WhenStale", "Deny")));
            var ports = verifiers.Select(verifier => verifier.Port).ToArray();
            var others = new OtherLoad([() => server.CpuTime, .. verifiers.Select(verifier => (Func<TimeSpan>)(() => verifier.Process.CpuTime))]);
            await bench.RevokeAsync(ports, revocations);
            await bench.ReadAsync(entries);
            Console.WriteLine($"Other programs took {others.Share():0%} of the processors meanwhile.\n");
            for (var cut = 0; cut < cuts; cut++) await bench.CutAsync(ports);
        }
        finally
        {
            foreach (var (process, _) in verifiers) await process.DisposeAsync();
        }

        bench.Print();
        return 0;
    }

    public void Dispose()
    {
        revoking.Dispose();
        disk.Dispose();
    }

    // By turns a log-out of the user and an end by the administrator.
    private byte[] Revocation(int index) =>
        index % 2 == 0 ? LiveTokens.LogOut(seed, index) : RawHttp.Request("DELETE", $"/admin/sessions/{seed.Id(index)}", tokens[Seed.Administrator]);

    private async Task<(long Sent, long Answered)> RevokeAsync(int index)
    {
        var request = Revocation(index);
        var sent = Stopwatch.GetTimestamp();
        var status = await revoking.SendAsync(request);
        var done = Stopwatch.GetTimestamp();
        return status == 204 ? (sent, done) : throw new InvalidOperationException($"A revoking call was answered with status {status}: {revoking.AnswerText}");
    }

    private async Task RevokeAsync(int[] ports, int count)
    {
        Watch[] watches = [.. ports.Select(port => new Watch(port))];
        for (var i = 0; i < WarmUp + count; i++, next++)
        {
            var begun = watches.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
            var watching = watches.Select((watch, which) => watch.UntilAsync(tokens[next], 401, begun[which])).ToArray();
            await Task.WhenAll(begun.Select(one => one.Task));
            await Task.Delay(Random.Shared.Next(1, 10)); // so that the call comes at any moment between two questions
            var (sent, done) = await RevokeAsync(next);
            var last = (await Task.WhenAll(watching)).Max();
            if (i < WarmUp) continue;
            refused.Add(Milliseconds(sent, last));
            sinceAnswer.Add(Milliseconds(done, last));
            answered.Add(Milliseconds(sent, done));
            var before = Stopwatch.GetTimestamp();
            disk.Append();
            flushed.Add(Milliseconds(before, Stopwatch.GetTimestamp()));
        }

        Array.ForEach(watches, watch => watch.Dispose());
    }

    private async Task ReadAsync(int count)
    {
        using var readers = await Subscribers.OpenAsync(authority.Port, await LiveTokens.VerifierAsync(authority), Readers);
        for (var i = 0; i < count; i++, next++)
        {
            var sent = 0L;
            var last = await readers.NextAsync(async () => (sent, _) = await RevokeAsync(next));
            read.Add(Milliseconds(sent, last));
            await Task.Delay(Random.Shared.Next(5, 20));
        }
    }

    // The authority stands still: connections stay open, nothing comes, nothing is answered. Worse than one that is gone.
    private async Task CutAsync(int[] ports)
    {
        Watch[] watches = [.. ports.Select(port => new Watch(port))];
        var token = tokens[next];
        await Task.WhenAll(watches.Select(watch => watch.UntilAsync(token, 200)));
        await Task.Delay(Random.Shared.Next(2_000, 3_000)); // all is as usual again; at any moment between two acknowledgements
        long cut, mended;
        try
        {
            cut = Stopwatch.GetTimestamp();
            authority.Pause();
            stale.AddRange((await Task.WhenAll(watches.Select(watch => watch.UntilAsync(token, 503)))).Select(when => Milliseconds(cut, when)));
            if (!watches.All(watch => watch.Answer.Contains("view_stale", StringComparison.Ordinal))) throw new InvalidOperationException("A verifier refused for another reason.");
        }
        finally
        {
            mended = Stopwatch.GetTimestamp();
            authority.Resume();
        }

        back.AddRange((await Task.WhenAll(watches.Select(watch => watch.UntilAsync(token, 200)))).Select(when => Milliseconds(mended, when)));
        Array.ForEach(watches, watch => watch.Dispose());
    }

    private void Print()
    {
        var (call, after, reading) = (Percentiles.Of(refused), Percentiles.Of(sinceAnswer), Percentiles.Of(read));
        Report.Table(
            [$"{refused.Count:#,0} revocations, {Verifiers} verifiers, SQLite, milliseconds", "half", "99 %", "longest"],
            [
                call.Row("revoking call sent → refused by the last verifier"),
                after.Row("revoking call answered → refused by the last verifier"),
                Percentiles.Of(answered).Row("revoking call sent → answered"),
                Percentiles.Of(flushed).Row("beside each: the disk alone, a page appended and flushed"),
            ]);
        Report.Table([$"{read.Count:#,0} revocations, {Readers} readers of the stream, milliseconds", "half", "99 %", "longest"], [reading.Row("revoking call sent → the last reader has the entry")]);
        Report.Table(
            [$"the authority stands still, {stale.Count} times a strict verifier, milliseconds", "shortest", "half", "longest"],
            [
                [$"cut → refused with view_stale (contract: {MaxStaleness.TotalMilliseconds:#,0})", .. Three(stale)],
                ["goes on → accepted again", .. Three(back)],
            ]);
        Report.Bars(
            ("revoking call sent → refused by the last verifier, 99 %, ms", call.Of99, 50, false),
            ("… the goal", call.Of99, 10, false),
            ("the last of 200 readers has the entry, 99 %, ms", reading.Of99, 250, false),
            ("cut → refused, longest, beside MaxStaleness", stale.Max() / MaxStaleness.TotalMilliseconds, 1.01, false));
        Report.Json("revoke",
        [
            ("refused_p50_ms", call.Half), ("refused_p99_ms", call.Of99), ("refused_max_ms", call.Longest),
            ("after_answer_p50_ms", after.Half), ("after_answer_p99_ms", after.Of99), ("after_answer_max_ms", after.Longest),
            ("disk_p50_ms", Percentiles.Of(flushed).Half), ("disk_p99_ms", Percentiles.Of(flushed).Of99), ("disk_max_ms", Percentiles.Of(flushed).Longest),
            ("readers_p50_ms", reading.Half), ("readers_p99_ms", reading.Of99), ("readers_max_ms", reading.Longest),
            ("stale_min_ms", stale.Min()), ("stale_max_ms", stale.Max()), ("stale_max_to_contract", stale.Max() / MaxStaleness.TotalMilliseconds), ("back_max_ms", back.Max()),
        ]);
    }

    private static string[] Three(List<double> milliseconds) => [$"{milliseconds.Min():#,0}", $"{Report.Median(milliseconds):#,0}", $"{milliseconds.Max():#,0}"];

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
}
