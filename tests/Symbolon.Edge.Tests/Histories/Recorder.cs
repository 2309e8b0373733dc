using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using Symbolon.AspNetCore;
using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Histories;

/// <summary>Sends requests to verifiers without pause, and calls that revoke; writes down when each began and ended, and what came of it.</summary>
internal sealed class Recorder(IReadOnlyList<ApiProcess> verifiers, IReadOnlyDictionary<string, SignedIn> sessions)
{
    private const int Clients = 2; // of each verifier; more would only keep two processors from anything else
    private readonly ConcurrentQueue<Request> requests = [];
    private readonly ConcurrentQueue<Revoking> revocations = [];
    private readonly string[] tokens = [.. sessions.Keys];
    private readonly long from = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public TimeSpan Now => Stopwatch.GetElapsedTime(from);

    public int Count => requests.Count;

    /// <summary>Begins.</summary>
    public void Start() => running = Task.WhenAll(
        from verifier in verifiers
        from client in Enumerable.Range(0, Clients)
        select Task.Run(() => HammerAsync(verifier, client)));

    /// <summary>One request, beside the others.</summary>
    public async Task<Request> AskAsync(ApiProcess verifier, string token)
    {
        var startedAt = Now;
        var refusal = await verifier.CheckAsync(sessions[token].AccessToken);
        var request = new Request(verifier.Name, token, startedAt, Now, refusal);
        requests.Enqueue(request);
        return request;
    }

    /// <summary>A call that revokes the tokens of these sessions.</summary>
    public async Task<Revoking> RevokeAsync(string name, IEnumerable<string> tokens, string refusal, Func<Task<Answer>> call)
    {
        var calledAt = Now;
        var answer = await call();
        var revoking = new Revoking(name, tokens.ToFrozenSet(), refusal, calledAt, Now, Receipt.AcknowledgedBy(answer, verifiers.Select(verifier => verifier.Name)));
        revocations.Enqueue(revoking);
        return revoking;
    }

    /// <summary>Waits until each verifier has answered some more requests.</summary>
    public async Task MoreAsync(params IReadOnlyList<ApiProcess> of)
    {
        const int more = 50;
        var (at, names) = (Now, (of.Count > 0 ? of : verifiers).Select(verifier => verifier.Name).ToArray());
        await Patiently.TrueAsync(
            () => Task.FromResult(Array.TrueForAll(names, name => requests.Count(request => request.Verifier == name && request.StartedAt > at) >= more)),
            () => "A verifier does not answer.");
    }

    /// <summary>Waits until this long has passed since an instant of ours.</summary>
    public Task PassedAsync(TimeSpan since, TimeSpan length) => Patiently.TrueAsync(() => Task.FromResult(Now > since + length), () => "The clock stands.");

    /// <summary>Ends, and answers what was seen.</summary>
    public async Task<History> EndAsync()
    {
        await stopping.CancelAsync();
        await running;
        var bounds = verifiers.ToDictionary(verifier => verifier.Name, verifier => verifier.Settings.WhenStale is WhenStale.Allow ? (TimeSpan?)null : verifier.Settings.MaxStaleness);
        return new History(bounds, requests, revocations);
    }

    private async Task HammerAsync(ApiProcess verifier, int client)
    {
        var random = new Random(client);
        while (!stopping.IsCancellationRequested) await AskAsync(verifier, tokens[random.Next(tokens.Length)]);
    }
}

/// <summary>What a receipt says.</summary>
internal static class Receipt
{
    /// <summary>The verifiers of ours that it surely counts as having acknowledged: none, where it does not say which.</summary>
    public static FrozenSet<string> AcknowledgedBy(Answer answer, IEnumerable<string> verifiers)
    {
        var all = verifiers.ToFrozenSet();
        if (answer.Json is not { } json || !json.TryGetProperty("receipt", out var receipt)) return [];
        if (receipt.GetProperty("verifiers").GetInt32() != all.Count) return [];
        if (receipt.GetProperty("late").GetInt32() == 0) return all;
        return receipt.TryGetProperty("late_verifiers", out var late) ? all.Except(late.EnumerateArray().Select(name => name.GetString()!)).ToFrozenSet() : [];
    }
}
