using System.Diagnostics;
using Symbolon.Bench.Processes;

namespace Symbolon.Bench.Revoke;

/// <summary>Asks one verifier about one token, over HTTP as any client does, a millisecond after each answer, from a thread of its own; until the answer is another one.</summary>
/// <remarks>What it finds is never too early, and too late by a millisecond and a request at most.</remarks>
/// <param name="port">Where it listens.</param>
/// <param name="ask">The request with a token; otherwise that of <see cref="BenchApi.Route"/>.</param>
internal sealed class Watch(int port, Func<string, byte[]>? ask = null) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1), Patience = TimeSpan.FromSeconds(30);

    private readonly RawHttp http = new(port);

    /// <summary>The last answer.</summary>
    public string Answer => http.AnswerText;

    /// <summary>Asks until this status comes.</summary>
    /// <returns>When the answer came.</returns>
    public async Task<long> UntilAsync(string token, int status, TaskCompletionSource? begun = null) =>
        await Task.Factory.StartNew(() => Until(token, status, begun), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => http.Dispose();

    private long Until(string token, int status, TaskCompletionSource? begun)
    {
        var request = ask?.Invoke(token) ?? RawHttp.Request("GET", BenchApi.Route, token);
        for (var from = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(from) < Patience; Thread.Sleep(Pause))
        {
            var answered = http.Send(request);
            if (answered == status) return Stopwatch.GetTimestamp();
            begun?.TrySetResult(); // it was accepted, and is remembered from now on
        }

        throw new InvalidOperationException($"A verifier did not answer {status} for {Patience}.");
    }
}
