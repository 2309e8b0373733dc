using Microsoft.Extensions.Hosting;
using Symbolon.Authority.Ports;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority;

/// <summary>Waits until the verifiers of all servers know what was just revoked, and says how far they have come.</summary>
internal sealed class Receipts(
    IRevocationLog log, RevocationBroadcast broadcast, OtherServers servers, ReceiptExchange exchange, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>The most that wait at once with one session: an administrator may end a few accounts at a time. One more gets what is known.</summary>
    public const int MostOfOne = 16;

    // And of all callers.
    private const int MostWaiting = 1000;

    // All that wait count anew with each acknowledgement: when they are many, less often.
    private static readonly TimeSpan PauseOfEach = TimeSpan.FromMilliseconds(0.1), ShortestPause = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<SessionId, int> waiting = [];
    private int allWaiting;

    /// <summary>The newest number that this server knows of: to be taken before the call does anything.</summary>
    public (string? Timeline, long Newest) Before() => (broadcast.Pulse.Timeline, broadcast.Pulse.Newest);

    /// <summary>The receipt of everything that is in the log now: the caller's change was committed before.</summary>
    /// <param name="wait">How long to wait at most.</param>
    /// <param name="caller">Whose session calls; null where the call has ended the one it had.</param>
    /// <param name="before">What <see cref="Before"/> said. Where nothing has come since, nothing was ended, and nothing is waited for.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="StoreUnavailableException">The primary could not be read. What was committed is committed.</exception>
    public async Task<Receipt> OfNewestAsync(TimeSpan wait, SessionId? caller, (string? Timeline, long Newest) before, CancellationToken ct)
    {
        var head = (await log.ReadAsync(since: null, take: 0, ct))!;
        await servers.LookAsync(answersTo: null, ct);
        if (before == (head.Timeline, head.Newest) || !TryWait(caller)) return Take(head, asked: null).Receipt;
        try
        {
            broadcast.Await(head.Timeline, head.Newest);
            return await AskAndWaitAsync(head, wait, ct);
        }
        finally
        {
            Waited(caller);
        }
    }

    private async Task<Receipt> AskAndWaitAsync(RevocationPage head, TimeSpan wait, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        if (wait == TimeSpan.Zero || servers.Standing.Others.Count == 0) return await WaitAsync(head, asked: null, began, wait, ct);
        var asked = await exchange.AskAsync(head.Timeline, head.Newest, ct);
        try
        {
            return await WaitAsync(head, asked, began, wait, ct);
        }
        finally
        {
            exchange.Waited(asked);
        }
    }

    private async Task<Receipt> WaitAsync(RevocationPage head, long? asked, long began, TimeSpan wait, CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        while (true)
        {
            var (pulse, changed) = (broadcast.Pulse, exchange.Changed);
            var (receipt, isOver) = Take(head, asked);
            var rest = wait - time.GetElapsedTime(began);
            if (isOver || rest <= TimeSpan.Zero || lifetime.ApplicationStopping.IsCancellationRequested) return receipt;
            await ((Task)Task.WhenAny(changed, pulse.Next)).WaitAsync(rest, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var pause = Volatile.Read(ref allWaiting) * PauseOfEach;
            if (pause >= ShortestPause) await Task.Delay(pause < rest ? pause : rest, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }
    }

    // Over: nobody is left who would be worth waiting for.
    private (Receipt Receipt, bool IsOver) Take(RevocationPage head, long? asked)
    {
        var beside = servers.Standing;
        var all = exchange.Known(beside.Others, asked, head.Timeline);
        var count = ReceiptSum.Of(head.Newest, time.GetUtcNow(), all);
        // The verifier in each server's process counts as none, but is waited for like the others.
        var isTold = all.Count == beside.Others.Count + 1 && all.All(one => one.Said.Applied >= head.Newest);
        return (new Receipt(head.Newest, count, isTold && beside.KnowsPast ? count.CertainAt : null, beside.Others.Count + 1), isTold && count.Open == 0 && !beside.IsYoung);
    }

    private bool TryWait(SessionId? caller)
    {
        lock (gate)
        {
            if (allWaiting >= MostWaiting || (caller is { } one && waiting.GetValueOrDefault(one) >= MostOfOne)) return false;
            if (caller is { } session) waiting[session] = waiting.GetValueOrDefault(session) + 1;
            allWaiting++;
            return true;
        }
    }

    private void Waited(SessionId? caller)
    {
        lock (gate)
        {
            allWaiting--;
            if (caller is { } session && --waiting[session] == 0) waiting.Remove(session);
        }
    }
}

/// <summary>How far the verifiers have come with a number.</summary>
/// <param name="Seq">The newest number when it was asked.</param>
/// <param name="Count">Who has acknowledged it.</param>
/// <param name="CertainAt">From when on nobody accepts what is revoked; null when that cannot be said.</param>
/// <param name="Servers">How many servers use the store, this one included.</param>
internal sealed record Receipt(long Seq, AcknowledgementCount Count, DateTimeOffset? CertainAt, int Servers);
