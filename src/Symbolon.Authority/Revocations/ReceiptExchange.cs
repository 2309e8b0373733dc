using Microsoft.Extensions.Hosting;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority;

/// <summary>
/// Asks the other servers of the store how far their verifiers have come, when somebody waits here, and answers when somebody waits there. Nothing is written while nobody waits; while somebody does, a
/// server answers anew when there is something new to say, some times a second at most, however many verifiers acknowledge.
/// </summary>
internal sealed class ReceiptExchange(
    IServerRegistry registry, OtherServers servers, Acknowledgements acknowledgements, RevocationBroadcast broadcast, TimeProvider time, AuthorityTelemetry telemetry) : BackgroundService
{
    // So long somebody may wait who has asked, and a little more; so often is looked by whom nobody wakes, and how often when an answer is awaited; and between two steps there is a pause.
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(6), Seldom = TimeSpan.FromSeconds(1), Often = TimeSpan.FromMilliseconds(50), Pause = TimeSpan.FromMilliseconds(25);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Heard> heard = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> awaited = [];
    private TaskCompletionSource changed = New();
    private (string Timeline, long Seq) wanted;
    private Task<long>? asking;
    private long askedAt = time.GetTimestamp();

    // Of the loop alone.
    private (ReceiptQuestion What, long SeenAt)? question;
    private (long Number, VerifierStandings Said)? answered;

    /// <summary>Ends when a verifier has acknowledged here, or another server has answered. Read it before counting.</summary>
    public Task Changed
    {
        get
        {
            lock (gate) return Task.WhenAny(changed.Task, acknowledgements.Changed);
        }
    }

    /// <summary>Asks all; to be called after the commit. Callers of a moment ask together.</summary>
    /// <returns>The question's number: to be given to <see cref="Waited"/>.</returns>
    /// <exception cref="StoreUnavailableException">It could not be asked.</exception>
    public async Task<long> AskAsync(string timeline, long seq, CancellationToken ct)
    {
        Task<long> mine;
        lock (gate)
        {
            wanted = (timeline, asking is not null && wanted.Timeline == timeline ? Math.Max(seq, wanted.Seq) : seq);
            mine = asking ??= AskTogetherAsync();
        }

        var number = await mine.WaitAsync(ct);
        lock (gate) awaited[number] = awaited.GetValueOrDefault(number) + 1;
        return number;
    }

    /// <summary>One that asked waits no more.</summary>
    public void Waited(long number)
    {
        lock (gate)
        {
            if (--awaited[number] > 0) return;
            awaited.Remove(number);
            if (awaited.Count == 0) heard.Clear();
        }
    }

    /// <summary>How far the verifiers have come of this server, and of each other that has answered a question or a later one; and how long ago that was said at least.</summary>
    public IReadOnlyList<(VerifierStandings Said, TimeSpan Ago)> Known(IReadOnlyList<string> others, long? question, string timeline)
    {
        var all = new List<(VerifierStandings, TimeSpan)>(others.Count + 1) { Own(timeline) };
        lock (gate)
            foreach (var other in others)
                if (heard.TryGetValue(other, out var answer) && answer.What.Question >= question && answer.Said is { } said && said.Timeline == timeline) all.Add((said, time.GetElapsedTime(answer.At)));
        return all;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Taken before anything is counted: what comes meanwhile ends them.
            Task[] news = [acknowledgements.Changed, broadcast.Pulse.Next];
            if (await TryStepAsync(stoppingToken) is { } change) await WaitAsync(change, news, stoppingToken);
            else await Task.Delay(Seldom, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<long> AskTogetherAsync()
    {
        await Task.Yield(); // not before the caller has noted this
        if (Pause - time.GetElapsedTime(askedAt) is var rest && rest > TimeSpan.Zero) await Task.Delay(rest, time);
        (string Timeline, long Seq) what;
        lock (gate) (what, asking, askedAt) = (wanted, null, time.GetTimestamp()); // whoever comes now is for the next one
        return await registry.AskAsync(what.Timeline, what.Seq, CancellationToken.None);
    }

    private bool IsAsked => question is { } asked && time.GetElapsedTime(asked.SeenAt) < Life;

    private async Task WaitAsync(long change, Task[] news, CancellationToken ct)
    {
        bool isAwaited;
        lock (gate) isAwaited = awaited.Count > 0;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var others = registry.WaitAsync(change, isAwaited ? Often : Seldom, ending.Token).AsTask();
        await Task.WhenAny(IsAsked ? [others, .. news] : [others]);
        await ending.CancelAsync();
        await others.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Null: the store could not be read or written. Whoever waits for this server is not certain then.
    private async Task<long?> TryStepAsync(CancellationToken ct)
    {
        try
        {
            long? from;
            lock (gate) from = awaited.Count > 0 ? awaited.Keys.Min() : null;
            var facts = await servers.LookAsync(from, ct);
            Hear(facts.Answers);
            if (facts.Question is { } asked && asked.Number != question?.What.Number) question = (asked, time.GetTimestamp());
            if (IsAsked && servers.Standing.Others.Count > 0) await AnswerAsync(question!.Value.What, ct);
            return facts.Change;
        }
        catch (Exception e)
        {
            if (e is not OperationCanceledException) Say(e); // else it stops, or the store's own patience is over
            return null;
        }
    }

    private void Hear(IReadOnlyList<ReceiptAnswer> answers)
    {
        TaskCompletionSource waiters;
        lock (gate)
        {
            var isNew = false;
            foreach (var answer in answers.Where(one => one.Server != servers.Name && !(heard.TryGetValue(one.Server, out var before) && before.What == one)))
            {
                heard[answer.Server] = new Heard(answer, VerifierStandings.Read(answer.Answer), time.GetTimestamp());
                isNew = true;
            }

            if (!isNew) return;
            (waiters, changed) = (changed, New());
        }

        waiters.SetResult();
    }

    private async Task AnswerAsync(ReceiptQuestion asked, CancellationToken ct)
    {
        broadcast.Await(asked.Timeline, asked.Seq);
        var now = Own(asked.Timeline).Said.For(asked.Seq);
        if (answered is { } before && before.Number == asked.Number && before.Said.SaysTheSameAs(now)) return;
        await registry.AnswerAsync(servers.Name, asked.Number, now.Write(), ct);
        answered = (asked.Number, now);
    }

    private (VerifierStandings Said, TimeSpan Ago) Own(string timeline)
    {
        var (pulse, (standings, ago)) = (broadcast.Pulse, acknowledgements.Stand(timeline));
        return (standings with { Applied = pulse.Timeline == timeline ? pulse.Newest : -1 }, ago);
    }

    // Never fails: whoever answers must go on.
    private void Say(Exception why)
    {
        try
        {
            telemetry.Unavailable(why);
        }
        catch
        {
            // There is nobody left to be told.
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Heard(ReceiptAnswer What, VerifierStandings? Said, long At);
}
