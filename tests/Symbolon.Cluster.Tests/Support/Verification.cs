using System.Collections.Concurrent;

namespace Symbolon.Cluster.Support;

/// <summary>Asks verifiers again and again, while something happens to the rest: what they say to a token must not change.</summary>
internal sealed class Verification
{
    private readonly ConcurrentDictionary<string, string?> expected = [];
    private readonly ConcurrentQueue<string> complaints = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly List<Task> asking;
    private long answers;

    /// <summary>Begins.</summary>
    /// <param name="verifiers">Whom to ask.</param>
    /// <param name="says">What they say to which token: null when it is accepted, else the problem's code.</param>
    public Verification(IEnumerable<Verifier> verifiers, params IEnumerable<(string AccessToken, string? Code)> says)
    {
        foreach (var (token, code) in says) expected[token] = code;
        asking = [.. verifiers.Select(verifier => Task.Run(() => AskAsync(verifier)))];
    }

    /// <summary>Asks for this one too, from now on.</summary>
    public void Add(string accessToken, string? code) => expected[accessToken] = code;

    /// <summary>Ends. Answers how many answers there were; fails when one was wrong.</summary>
    public async Task<long> EndAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(asking);
        stopping.Dispose();
        Assert.Empty(complaints.Distinct());
        return answers;
    }

    private async Task AskAsync(Verifier verifier)
    {
        while (!stopping.IsCancellationRequested)
        {
            foreach (var (token, code) in expected)
            {
                var said = await verifier.CheckAsync(token);
                if (said != code) complaints.Enqueue($"{said ?? "yes"} instead of {code ?? "yes"}");
                Interlocked.Increment(ref answers);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // not a sleep: how hard they are asked
        }
    }
}
