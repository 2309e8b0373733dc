namespace Symbolon.Cluster.Support;

/// <summary>Sends requests to authorities in turn, past those that are out, and counts what goes wrong.</summary>
/// <remarks>
/// A failure is a 5xx, or that no answer comes. What was under way to an authority that was taken out meanwhile is its loss, and counted apart.
/// Who comes later goes to another one: a balancer notices a refused connection and tries the next.
/// </remarks>
internal sealed class Balancer : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<Uri, Target> targets = [];
    private Target[] standing = [];
    private int turn;
    private long requests, failures, losses;

    /// <summary>How many were sent.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>How many of them failed at an authority that stood.</summary>
    public long Failures => Interlocked.Read(ref failures);

    /// <summary>How many went down with theirs.</summary>
    public long Losses => Interlocked.Read(ref losses);

    /// <summary>From now on it is asked.</summary>
    public void Add(Uri address)
    {
        lock (gate)
        {
            targets[address] = new Target(new Api(address));
            standing = [.. targets.Values];
        }
    }

    /// <summary>From now on it is not asked. To be said before it is killed.</summary>
    public void Remove(Uri address)
    {
        lock (gate)
        {
            if (!targets.Remove(address, out var target)) return;
            target.IsOut = true;
            standing = [.. targets.Values];
        }
    }

    /// <summary>Sends one; null when no answer came.</summary>
    public async Task<Answer?> SendAsync(Func<Api, Task<Answer>> request)
    {
        var now = standing;
        var target = now[(uint)Interlocked.Increment(ref turn) % now.Length];
        Interlocked.Increment(ref requests);
        var answer = await target.Api.TryAsync(request);
        if (answer is null or { Status: >= 500 })
        {
            if (target.IsOut) Interlocked.Increment(ref losses);
            else Interlocked.Increment(ref failures);
        }

        return answer;
    }

    public void Dispose()
    {
        foreach (var target in targets.Values) target.Api.Dispose();
    }

    private sealed record Target(Api Api)
    {
        public volatile bool IsOut;
    }
}
