using Microsoft.Extensions.Hosting;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority;

/// <summary>Waits until the verifiers know what was just revoked, and says how far they have come.</summary>
internal sealed class Receipts(IRevocationLog log, RevocationBroadcast broadcast, Acknowledgements acknowledgements, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>The most callers that wait at once; one more gets what is known.</summary>
    private const int MostWaiting = 1000;

    private int waiting;

    /// <summary>The receipt of everything that is in the log now: the caller's change was committed before.</summary>
    /// <exception cref="StoreUnavailableException">The primary could not be read. What was committed is committed.</exception>
    public async Task<Receipt> OfNewestAsync(TimeSpan wait, CancellationToken ct)
    {
        var head = (await log.ReadAsync(since: null, take: 0, ct))!;
        broadcast.Await(head.Timeline, head.Newest);
        var (began, may) = (time.GetTimestamp(), Interlocked.Increment(ref waiting) <= MostWaiting ? wait : TimeSpan.Zero);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        try
        {
            while (true)
            {
                var (pulse, changed) = (broadcast.Pulse, acknowledgements.Changed);
                var count = acknowledgements.Count(head.Timeline, head.Newest);
                // The verifier in this process counts as none, but is waited for like the others.
                var isKnownHere = pulse.Timeline == head.Timeline && pulse.Newest >= head.Newest;
                var isSure = isKnownHere && time.GetElapsedTime(broadcast.StartedAt) >= Acknowledgements.Settle;
                var rest = may - time.GetElapsedTime(began);
                if ((isSure && count.Open == 0) || rest <= TimeSpan.Zero || lifetime.ApplicationStopping.IsCancellationRequested)
                    return new Receipt(head.Newest, count, isSure ? count.CertainAt : null);
                await ((Task)Task.WhenAny(changed, pulse.Next)).WaitAsync(rest, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ct.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }
}

/// <summary>How far the verifiers have come with a number.</summary>
/// <param name="Seq">The newest number when it was asked.</param>
/// <param name="Count">Who has acknowledged it.</param>
/// <param name="CertainAt">From when on nobody accepts what is revoked; null when that cannot be said.</param>
internal sealed record Receipt(long Seq, AcknowledgementCount Count, DateTimeOffset? CertainAt);
