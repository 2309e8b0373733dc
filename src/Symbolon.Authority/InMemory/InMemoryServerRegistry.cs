using Symbolon.Authority.Ports;

namespace Symbolon.Authority.InMemory;

/// <summary>The servers in memory: there is one, unless a test has several share a store.</summary>
internal sealed class InMemoryServerRegistry(InMemoryState state) : IServerRegistry
{
    public ValueTask BeatAsync(string server, TimeSpan promise, CancellationToken ct)
    {
        lock (state.Gate)
        {
            state.Servers[server] = state.Servers.GetValueOrDefault(server) + 1;
            var whole = TimeSpan.FromMilliseconds(Math.Ceiling(promise.TotalMilliseconds));
            if (whole > state.LongestPromise) state.LongestPromise = whole;
        }

        return default;
    }

    public ValueTask StopAsync(string server, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (state.Servers.ContainsKey(server)) state.Servers[server] = 0;
            state.Answers.Remove(server);
        }

        return default;
    }

    public ValueTask<ServerFacts> ReadAsync(long? answersTo, CancellationToken ct)
    {
        lock (state.Gate)
        {
            ServerBeats[] servers = [.. state.Servers.Select(one => new ServerBeats(one.Key, one.Value))];
            return new(new ServerFacts(servers, state.LongestPromise, state.Question, [.. state.Answers.Values.Where(one => one.Question >= answersTo)], state.ServersSignal.Change));
        }
    }

    public ValueTask DropAsync(ServerBeats server, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (!state.Servers.TryGetValue(server.Server, out var beats) || beats != server.Beats) return default;
            state.Servers.Remove(server.Server);
            state.Answers.Remove(server.Server);
        }

        return default;
    }

    public ValueTask<long> AskAsync(string timeline, long seq, CancellationToken ct)
    {
        lock (state.Gate)
        {
            var before = state.Question;
            state.Question = new ReceiptQuestion((before?.Number ?? 0) + 1, timeline, before?.Timeline == timeline ? Math.Max(before.Seq, seq) : seq);
            state.ServersSignal.Changed();
            return new(state.Question.Number);
        }
    }

    public ValueTask AnswerAsync(string server, long question, string answer, CancellationToken ct)
    {
        lock (state.Gate)
        {
            if (state.Servers.GetValueOrDefault(server) == 0 || state.Answers.GetValueOrDefault(server)?.Question > question) return default;
            state.Answers[server] = new ReceiptAnswer(server, question, answer);
            state.ServersSignal.Changed();
        }

        return default;
    }

    public ValueTask WaitAsync(long change, TimeSpan atMost, CancellationToken ct) => state.ServersSignal.WaitAsync(change, atMost, ct);
}
