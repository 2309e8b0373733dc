using Microsoft.Extensions.Hosting;
using Symbolon.Authority.Ports;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority;

/// <summary>Waits until the verifiers know what was just revoked, and says how far they have come.</summary>
internal sealed class Receipts(
    IRevocationLog log, RevocationBroadcast broadcast, Acknowledgements acknowledgements, OtherServers servers, IHostApplicationLifetime lifetime, TimeProvider time)
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
        await servers.LookAsync(ct);
        if (before == (head.Timeline, head.Newest) || !TryWait(caller)) return Take(head).Receipt;
        try
        {
            broadcast.Await(head.Timeline, head.Newest);
            return await WaitAsync(head, wait, ct);
        }
        finally
        {
            Waited(caller);
        }
    }

    private async Task<Receipt> WaitAsync(RevocationPage head, TimeSpan wait, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        while (true)
        {
            var (pulse, changed) = (broadcast.Pulse, acknowledgements.Changed);
            var (receipt, isOver) = Take(head);
            var rest = wait - time.GetElapsedTime(began);
            if (isOver || rest <= TimeSpan.Zero || lifetime.ApplicationStopping.IsCancellationRequested) return receipt;
            await ((Task)Task.WhenAny(changed, pulse.Next)).WaitAsync(rest, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var pause = Volatile.Read(ref allWaiting) * PauseOfEach;
            if (pause >= ShortestPause) await Task.Delay(pause < rest ? pause : rest, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }
    }

    // Over: nobody is left who would be worth waiting for.
    private (Receipt Receipt, bool IsOver) Take(RevocationPage head)
    {
        var (pulse, count) = (broadcast.Pulse, acknowledgements.Count(head.Timeline, head.Newest));
        // The verifier in this process counts as none, but is waited for like the others.
        var isKnownHere = pulse.Timeline == head.Timeline && pulse.Newest >= head.Newest;
        var others = servers.Count;
        return (new Receipt(head.Newest, count, isKnownHere && servers.KnowsAll ? count.CertainAt : null, others + 1), isKnownHere && count.Open == 0 && !servers.IsYoung);
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
